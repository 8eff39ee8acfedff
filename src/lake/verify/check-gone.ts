import type { Database } from 'better-sqlite3';
import { readArchiveNumber } from '../../archive/number/read-archive-number.ts';
import { readAllSealedDays, type SealedDay } from '../../archive/sealed/read-sealed-days.ts';
import { addFault, type Fault } from '../../archive/verify/fault.ts';
import { listRemovals } from '../forget/remove-objects.ts';
import { ProvedEntry } from '../seal/manifest-file.ts';
import { fetchText } from '../store/fetch-text.ts';
import { type ObjectStore, type ObjectVersion, VersionsHidden } from '../store/object-store.ts';
import { keyOfTombstone } from '../tables/object-key.ts';

/** What is left in the lake of what was pruned. */
export interface GoneCheck {
  /** How many objects were looked for, of days and months of which something was pruned. */
  objects: number;
  /** Why their versions could not be listed; null if they were. */
  hidden: string | null;
  faults: Fault[];
}

/**
 * Looks for what was pruned in the lake: of a day that was pruned as a whole there must be nothing, and of one that was
 * sealed again without what was pruned there must be no version but the present one.
 */
export async function checkGone(sqlite: Database, store: ObjectStore): Promise<GoneCheck> {
  const found: GoneCheck = { objects: 0, hidden: null, faults: [] };
  const look = async (key: string, isPresentAllowed: boolean, of: string) => {
    const left = (await versionsOf(store, key, found)).filter(({ kind, isPresent }) => {
      if (kind === 'deletion') return false;
      return !(isPresentAllowed && isPresent);
    });
    found.objects += 1;
    if (left.length > 0)
      addFault(
        found.faults,
        `${key} in the lake still has ${left.length === 1 ? 'a version' : `${left.length} versions`} with what was pruned of ${of}. Run "ssm-archive seal" to remove what is left`,
      );
  };
  const looked = new Set<string>();
  for (const day of readAllSealedDays(sqlite).filter(isForgetful)) {
    if (day.isPruning && day.isUnsealed) {
      addFault(
        found.faults,
        `${day.day} of the lake: something of it was pruned, and the lake still has the generation with it. Run "ssm-archive seal" to end that`,
      );
      continue;
    }
    const wrong = await faultOfTombstone(sqlite, store, day);
    if (wrong !== undefined) addFault(found.faults, wrong);
    for (const { key } of day.objects) {
      looked.add(key);
      await look(key, day.prunedSeq === null, day.day);
    }
  }
  for (const { key, keepSha256 } of listRemovals(sqlite))
    if (!looked.has(key)) await look(key, keepSha256 !== null, 'its commands');
  return found;
}

/** The tombstone in the lake must be that of the ledger. One that is not there yet hides nothing: the ledger has it. */
async function faultOfTombstone(
  sqlite: Database,
  store: ObjectStore,
  { day, generation, prunedSeq }: SealedDay,
): Promise<string | undefined> {
  if (prunedSeq === null) return undefined;
  const key = keyOfTombstone(readArchiveNumber(sqlite), day, generation);
  const text = await fetchText(store, key);
  if (text === undefined) return undefined;
  const entry = sqlite
    .prepare<[number], string>('SELECT entry_json FROM main.ledger_entries WHERE seq = ?')
    .pluck()
    .get(prunedSeq);
  return entryOf(text) === entry ? undefined : `${key} in the lake is not the tombstone that the ledger has of ${day}`;
}

function entryOf(text: string): string | undefined {
  try {
    return ProvedEntry.parse(JSON.parse(text)).entry;
  } catch {
    return undefined;
  }
}

function isForgetful({ isPruning, goneGeneration, prunedSeq }: SealedDay): boolean {
  return isPruning || goneGeneration > 0 || prunedSeq !== null;
}

/** If versions can't be listed, at least what is read at the place is known. */
async function versionsOf(store: ObjectStore, key: string, found: GoneCheck): Promise<ObjectVersion[]> {
  if (found.hidden === null) {
    try {
      return await store.versions(key);
    } catch (error) {
      if (!(error instanceof VersionsHidden)) throw error;
      found.hidden = error.message;
    }
  }
  const present: ObjectVersion[] = [];
  for await (const object of store.list(key))
    if (object.key === key) present.push({ kind: 'version', id: undefined, isPresent: true });
  return present;
}
