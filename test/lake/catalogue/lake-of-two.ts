import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { makeCheckpoint } from '../../../src/archive/checkpoints/make-checkpoint.ts';
import { putTombstones } from '../../../src/lake/forget/put-tombstones.ts';
import { proveDays } from '../../../src/lake/seal/prove-days.ts';
import { sealDays } from '../../../src/lake/seal/seal-days.ts';
import type { ObjectStore } from '../../../src/lake/store/object-store.ts';
import { openStore } from '../../../src/lake/store/open-store.ts';
import { readVerifierKey } from '../../../src/ledger/notes/open-signer.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { ACCOUNT } from '../../ingest/archive-trial.ts';
import { onTestEnd } from '../../on-test-end.ts';
import { type NumberedArchive, numberedArchive, OTHER_ACCOUNT, RIPE } from '../owners/numbered-archive.ts';
import { daysOf } from '../sealed-archive.ts';

/** An archive of the lake, with the key that signs its ledger. */
export interface SignedArchive extends NumberedArchive {
  number: number;
  accountId: string;
  verifierKey: string;
  /** All days with invocations, before any was sealed; the first `sealed` of them are in the lake. */
  days: readonly string[];
  sealed: number;
}

export interface LakeOfTwo {
  location: string;
  store: ObjectStore;
  archives: readonly [zero: SignedArchive, seven: SignedArchive];
  keys: ReadonlyMap<number, readonly string[]>;
}

/**
 * Two archives of different accounts, with the numbers 0 and 7, that have sealed their first days into one lake and
 * signed that.
 */
export async function lakeOfTwo({
  location = join(tempFolder(), 'lake'),
  invocations = 60,
  sealed = 5,
}: {
  location?: string;
  invocations?: number;
  /** How many days are sealed. */
  sealed?: number;
} = {}): Promise<LakeOfTwo> {
  const store = await openStore(location);
  onTestEnd(() => store.close());
  const make = async (number: number, accountId: string): Promise<SignedArchive> => {
    const archive = await numberedArchive(store, { number, accountId, invocations });
    const days = daysOf(archive.sqlite);
    await sealDays(archive.deps, { ...RIPE, before: days[sealed] });
    const signed = { ...archive, number, accountId, days, sealed };
    return { ...signed, verifierKey: await signAndProve(signed) };
  };
  const archives = [await make(0, ACCOUNT), await make(7, OTHER_ACCOUNT)] as const;
  return { location, store, archives, keys: new Map(archives.map((one) => [one.number, [one.verifierKey]])) };
}

/** Signs the ledger of an archive, and puts into the lake what rests on that. Returns the public key. */
export async function signAndProve({ trial, sqlite, deps }: NumberedArchive): Promise<string> {
  const { ledgerKey: keyPath, authDb, db } = trial.config;
  const now = () => new Date('2026-05-10T03:00:00.000Z');
  makeCheckpoint(sqlite, { keyPath, authDb, db, random: randomBytes, now });
  await proveDays(deps);
  await putTombstones(deps);
  return readVerifierKey(keyPath) ?? '';
}
