import { stat } from 'node:fs/promises';
import type { Database } from 'better-sqlite3';
import { readSealedDays } from '../../archive/sealed/read-sealed-days.ts';
import { monthsOfLake } from '../seal/months/months-of-lake.ts';
import { findWrittenMonth } from '../seal/months/written-month.ts';
import { listIntents } from '../seal/seal-intents.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { ARCHIVE_NUMBER, keyOfManifest } from '../tables/object-key.ts';

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
  /** How many objects have the form of another archive's keys. */
  ofOthers: number;
  /** Keys that have no form of a lake's. */
  foreign: string[];
}

const OF_ARCHIVE = /^(?:[a-z_]+\/(?:day|month)=[^/]+\/archive-(\d+)\.parquet|_ledger\/archive-(\d+)\/.+)$/;
/** At most so many keys of each kind are kept. */
const MOST_KEYS = 1000;

/** Lists the lake, and compares the keys with the sealed days. Rejects with LakeFault if the lake can't be reached. */
export async function inspectLake(sqlite: Database, store: ObjectStore): Promise<InspectedLake> {
  const { expected, intended } = namedKeys(sqlite);
  for (const month of monthsOfLake(sqlite)) {
    const written = await findWrittenMonth({ sqlite, store }, month);
    if (written) expected.set(written.key, written.sizeBytes);
  }
  const found: InspectedLake = {
    isAbsent: await isAbsent(store),
    ...{ objects: 0, bytes: 0, unnamed: [], missing: [], resized: [], ofOthers: 0, foreign: [] },
  };
  const add = (keys: string[], key: string) => {
    if (keys.length < MOST_KEYS) keys.push(key);
  };
  for await (const { key, sizeBytes } of store.list('')) {
    const [form, ofTable, ofLedger] = OF_ARCHIVE.exec(key) ?? [];
    if (form === undefined) {
      add(found.foreign, key);
      continue;
    }
    if (Number(ofTable ?? ofLedger) !== ARCHIVE_NUMBER) {
      found.ofOthers += 1;
      continue;
    }
    found.objects += 1;
    found.bytes += sizeBytes;
    const size = expected.get(key);
    if (size === undefined && !intended.has(key) && !expected.has(key)) add(found.unnamed, key);
    // While a day is being sealed, the next object of the same place may be there already.
    if (size !== undefined && size !== sizeBytes && !intended.has(key)) add(found.resized, key);
    expected.delete(key);
  }
  for (const key of expected.keys()) add(found.missing, key);
  return found;
}

/** A bucket that is not there can't be listed, but a folder may still have to be made. */
async function isAbsent({ pathOf, name }: ObjectStore): Promise<boolean> {
  if (!pathOf) return false;
  try {
    await stat(name);
    return false;
  } catch (error) {
    // The listing says in words what else is wrong with it.
    return error instanceof Error && 'code' in error && error.code === 'ENOENT';
  }
}

/** The keys of all sealed days with the sizes of their objects, those of manifests without; and those of seals under way. */
function namedKeys(sqlite: Database): { expected: Map<string, number | undefined>; intended: Set<string> } {
  const expected = new Map<string, number | undefined>();
  for (const { day, generation, objects } of readSealedDays(sqlite)) {
    for (const { key, sizeBytes } of objects) expected.set(key, sizeBytes);
    for (let n = 1; n <= generation; n++) expected.set(keyOfManifest(day, n), undefined);
  }
  const intents = listIntents(sqlite);
  const intended = new Set(intents.flatMap(({ objects, replaces }) => [...objects, ...replaces].map(({ key }) => key)));
  return { expected, intended };
}
