import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { readArchiveNumber } from '../../archive/number/read-archive-number.ts';
import { readSealedDay } from '../../archive/sealed/read-sealed-days.ts';
import { SealedEntry } from '../../ledger/entries/sealed-entry.ts';
import { UserFault } from '../../lib/errors/user-fault.ts';
import { sha256 } from '../../lib/sha256.ts';
import { isoFromMs } from '../../lib/time.ts';
import { fetchText } from '../store/fetch-text.ts';
import { sealedFolder } from '../tables/object-key.ts';
import type { OwnerDeps } from './owner-deps.ts';
import { keyOfNumber, type NumberOwner } from './owner-files.ts';
import { putOnce } from './put-once.ts';
import { readNumberOwner } from './read-owner-files.ts';

/** Another archive has this archive's number in the lake. */
export class NumberTaken extends UserFault {
  override name = 'NumberTaken';
}

/**
 * Makes this archive the owner of its number in the lake, unless it is already. A lake from before there were owners is
 * taken over if all that it has of this number is this archive's. Throws NumberTaken if another archive owns the
 * number; then nothing was written.
 */
export async function ownNumber(deps: OwnerDeps): Promise<void> {
  const archive = readArchiveNumber(deps.sqlite);
  const origins = deps.origins();
  let owner = await readNumberOwner(deps.store, archive);
  if (!owner) {
    await refuseStrangers(deps, archive);
    const own: NumberOwner = { archive, origin: origins.at(-1) ?? '', since: isoFromMs(deps.now().getTime()) };
    if (await putOnce(deps, keyOfNumber(archive), own)) return;
    owner = await readNumberOwner(deps.store, archive);
  }
  if (owner && !origins.includes(owner.origin)) throw taken(deps, archive, owner);
}

function taken({ store, sqlite }: OwnerDeps, archive: number, { origin, since }: NumberOwner): NumberTaken {
  return new NumberTaken(
    `The lake ${store.name} has an archive ${archive} since ${since}, whose ledger is signed by ${origin}, and ${sqlite.name} is another archive. Nothing was put there. ${WAYS_ON}`,
  );
}

const WAYS_ON =
  'Each archive of a lake has a number of its own, which a new archive gets by SSM_ARCHIVE_NUMBER, or number in archive.yaml, before its first pass. Or give this archive a lake of its own.';

/** What the lake has of this number must be what this archive's ledger names. */
async function refuseStrangers(deps: OwnerDeps, archive: number): Promise<void> {
  const { sqlite, store } = deps;
  const prefix = sealedFolder(archive);
  const intended = sqlite.prepare<[string, number], unknown>(
    'SELECT 1 FROM main.seal_intents WHERE day = ? AND generation = ?',
  );
  let isCompared = false;
  for await (const { key } of store.list(prefix)) {
    const [, day = '', generation] = /day=([^/]+)\/g(\d+)\.json$/.exec(key) ?? [];
    const sealed = readSealedDay(sqlite, day);
    const isKnown = Number(generation) <= (sealed?.generation ?? 0);
    const isIntended = intended.get(day, Number(generation)) !== undefined;
    let isOurs = isKnown || isIntended;
    if (!isCompared && sealed?.generation === Number(generation)) {
      // Another archive may have sealed the same days. One manifest tells the two apart.
      isOurs = digestOf(await fetchText(store, key)) === digestInLedger(sqlite, sealed.entrySeq);
      isCompared = true;
    }
    if (isOurs) continue;
    throw new NumberTaken(
      `The lake ${store.name} has ${key}, which the ledger of ${sqlite.name} does not name. Either another archive with the number ${archive} uses this lake, or this archive was restored from a backup that is older than the lake. Nothing was put there. After a restore, move out of the lake what the ledger does not name: "ssm-archive doctor --lake" lists it. ${WAYS_ON}`,
    );
  }
}

/** The SHA-256 of the manifest in such an object, in hex. */
function digestOf(text = ''): string | undefined {
  try {
    return sha256(z.object({ manifest: z.string() }).parse(JSON.parse(text)).manifest).toString('hex');
  } catch {
    return undefined;
  }
}

function digestInLedger(sqlite: Database, entrySeq: number): string | undefined {
  const entry = sqlite.prepare<[number], string>('SELECT entry_json FROM main.ledger_entries WHERE seq = ?').pluck();
  return SealedEntry.safeParse(JSON.parse(entry.get(entrySeq) ?? 'null')).data?.manifest;
}
