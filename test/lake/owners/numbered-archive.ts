import type { Database } from 'better-sqlite3';
import { settleArchiveNumber } from '../../../src/archive/number/settle-archive-number.ts';
import type { OwnerDeps } from '../../../src/lake/owners/owner-deps.ts';
import type { SealDeps } from '../../../src/lake/seal/seal-deps.ts';
import type { ObjectStore } from '../../../src/lake/store/object-store.ts';
import { bringIntoLedger } from '../../../src/ledger/bring-in.ts';
import { DAY_MS } from '../../../src/lib/time.ts';
import { tempArchive, tempFolder } from '../../db/temp-archive.ts';
import { REGION, startTrial, type Trial } from '../../ingest/archive-trial.ts';
import { sealDeps } from '../sealed-archive.ts';

/** Late enough for all days of the simulated service to be ripe. */
export const RIPE = { nowMs: Date.parse('2026-07-20T00:00:00.000Z'), sealAfterMs: 35 * DAY_MS, settlingMs: 900_000 };
export const OTHER_ACCOUNT = '444455556666';

const AT = '2026-03-01T00:00:00.000Z';

/** An archive with a number, and the invocations of an account, none of which are sealed. */
export interface NumberedArchive {
  trial: Trial;
  sqlite: Database;
  deps: SealDeps;
}

/** Collects the runs of an account into a new archive, whose ledger is signed by `origin`. */
export async function numberedArchive(
  store: ObjectStore,
  {
    number,
    accountId,
    origin = `ssm-archive/${number}`,
    invocations = 10,
  }: { number: number; accountId: string; origin?: string; invocations?: number },
): Promise<NumberedArchive> {
  const trial = await startTrial({ accounts: [{ accountId, regions: [REGION] }], invocations });
  const { sqlite } = trial.db;
  bringIntoLedger(sqlite);
  settleArchiveNumber(sqlite, number, AT);
  await trial.pass();
  return { trial, sqlite, deps: { ...(await sealDeps(sqlite.name, store)), origins: () => [origin] } };
}

/** What claims need, of an archive with a number that has nothing. */
export function emptyArchive(store: ObjectStore, number: number): OwnerDeps {
  const { sqlite } = tempArchive();
  bringIntoLedger(sqlite);
  settleArchiveNumber(sqlite, number, AT);
  const now = () => new Date('2026-05-10T03:00:00.000Z');
  return { sqlite, store, folder: tempFolder(), now, origins: () => [`ssm-archive/${number}`] };
}

/** All keys of a lake. */
export async function keysOf(store: ObjectStore): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list('')) keys.push(key);
  return keys;
}
