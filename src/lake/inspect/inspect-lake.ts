import type { Database } from 'better-sqlite3';
import { readArchiveNumber } from '../../archive/number/read-archive-number.ts';
import { readAllSealedDays } from '../../archive/sealed/read-sealed-days.ts';
import { listRemovals } from '../forget/remove-objects.ts';
import { keyOfNumber, parseTurnKey } from '../owners/owner-files.ts';
import { monthsOfLake } from '../seal/months/months-of-lake.ts';
import { findWrittenMonth } from '../seal/months/written-month.ts';
import { listIntents } from '../seal/seal-intents.ts';
import { isAbsent } from '../store/is-absent.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { keyOfManifest, keyOfTombstone } from '../tables/object-key.ts';

/** What is in the lake, compared with what the ledger says of it. Nothing is read but sizes of objects, and manifests. */
export interface InspectedLake {
  /** Whether there is no folder where the lake should be. */
  isAbsent: boolean;
  objects: number;
  bytes: number;
  /** Keys of this archive's form that no sealed day and no seal under way names. */
  unnamed: string[];
  /** Keys that a sealed day names and the lake does not have. */
  missing: string[];
  /** Keys whose objects have another size than the sealed day says. */
  resized: string[];
  /** Keys of tombstones that the lake does not have yet. */
  untold: string[];
  /** How many objects have the form of another archive's keys, by its number. */
  ofOthers: Map<number, number>;
  /** Keys that have no form of a lake's. */
  foreign: string[];
}

const OF_ARCHIVE = /^(?:[a-z_]+\/(?:day|month)=[^/]+\/archive-(\d+)\.parquet|_ledger\/archive-(\d+)\/.+)$/;
const TOMBSTONE = /\/g\d+-pruned\.json$/;
/** At most so many keys of each kind are kept. */
const MOST_KEYS = 1000;

/** Lists the lake, and compares the keys with the sealed days. Rejects with LakeFault if the lake can't be reached. */
export async function inspectLake(sqlite: Database, store: ObjectStore): Promise<InspectedLake> {
  const own = readArchiveNumber(sqlite);
  const { expected, intended, tombstones } = namedKeys(sqlite, own);
  for (const month of monthsOfLake(sqlite)) {
    const written = await findWrittenMonth({ sqlite, store }, month);
    if (written) expected.set(written.key, written.sizeBytes);
  }
  const found: InspectedLake = {
    isAbsent: await isAbsent(store),
    ...{ objects: 0, bytes: 0, unnamed: [], missing: [], resized: [], untold: [], ofOthers: new Map(), foreign: [] },
  };
  const add = (keys: string[], key: string) => {
    if (keys.length < MOST_KEYS) keys.push(key);
  };
  for await (const { key, sizeBytes } of store.list('')) {
    // Who owns what is checked by inspectOwners.
    if (key === keyOfNumber(own) || parseTurnKey(key)) continue;
    const [form, ofTable, ofLedger] = OF_ARCHIVE.exec(key) ?? [];
    if (form === undefined) {
      add(found.foreign, key);
      continue;
    }
    const archive = Number(ofTable ?? ofLedger);
    if (archive !== own) {
      found.ofOthers.set(archive, (found.ofOthers.get(archive) ?? 0) + 1);
      continue;
    }
    found.objects += 1;
    found.bytes += sizeBytes;
    // A day that was pruned, and sealed again since, keeps the tombstone of its former generation.
    if (tombstones.delete(key) || TOMBSTONE.test(key)) continue;
    const size = expected.get(key);
    if (size === undefined && !intended.has(key) && !expected.has(key)) add(found.unnamed, key);
    // While a day is being sealed, the next object of the same place may be there already.
    if (size !== undefined && size !== sizeBytes && !intended.has(key)) add(found.resized, key);
    expected.delete(key);
  }
  for (const key of expected.keys()) add(found.missing, key);
  for (const key of tombstones) add(found.untold, key);
  return found;
}

/** The keys of all sealed days with the sizes of their objects, those of manifests without; and those of seals under way. */
function namedKeys(
  sqlite: Database,
  archive: number,
): { expected: Map<string, number | undefined>; intended: Set<string>; tombstones: Set<string> } {
  const expected = new Map<string, number | undefined>();
  const tombstones = new Set<string>();
  for (const { day, generation, objects, prunedSeq } of readAllSealedDays(sqlite)) {
    // Of a day that was pruned, the manifests stay.
    for (const { key, sizeBytes } of prunedSeq === null ? objects : []) expected.set(key, sizeBytes);
    // Of a day that was pruned before tombstones were put into the lake, the next seal or prune puts it there.
    if (prunedSeq !== null) tombstones.add(keyOfTombstone(archive, day, generation));
    for (let n = 1; n <= generation; n++) expected.set(keyOfManifest(archive, day, n), undefined);
  }
  const intents = listIntents(sqlite);
  const intended = new Set(intents.flatMap(({ objects, replaces }) => [...objects, ...replaces].map(({ key }) => key)));
  for (const { key } of listRemovals(sqlite)) intended.add(key);
  return { expected, intended, tombstones };
}
