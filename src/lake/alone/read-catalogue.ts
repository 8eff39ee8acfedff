import { listOwners } from '../owners/list-owners.ts';
import type { NumberOwner, PlaceTurn } from '../owners/owner-files.ts';
import { fetchText } from '../store/fetch-text.ts';
import { LakeFault } from '../store/lake-fault.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { keyOfManifest } from '../tables/object-key.ts';
import { type ProvedDay, proveManifest } from './prove-manifest.ts';

/** The sealed days of an archive, as its manifests in the lake prove them. */
export interface ArchiveInLake extends NumberOwner {
  /** The oldest first. */
  days: ProvedDay[];
  /** The name of the pinned key that signed all of its days; undefined if one of them has no such signature. */
  signedBy: string | undefined;
}

/** What a lake says of all its archives. */
export interface Catalogue {
  archives: ArchiveInLake[];
  places: PlaceTurn[];
}

const MANIFEST = /^_ledger\/archive-(\d+)\/sealed\/day=(\d{4}-\d{2}-\d{2})\/g(\d+)\.json$/;
/** So many manifests are fetched at the same time. */
const AT_ONCE = 16;

/**
 * Returns a function that reads which days each archive of a lake has sealed. A manifest that was read once is not fetched
 * again, as none is ever changed once it has its proof. Rejects with LakeFault if a manifest is not what its proof says, or if
 * keys are pinned and one of an archive's days is signed by none of them.
 */
export function createCatalogueReader(store: ObjectStore, keys: readonly string[]): () => Promise<Catalogue> {
  const known = new Map<string, ProvedDay>();
  async function prove(archive: number, day: string, generation: number): Promise<ProvedDay | undefined> {
    const key = keyOfManifest(archive, day, generation);
    const before = known.get(key);
    if (before) return before;
    const text = await fetchText(store, key);
    const found = text === undefined ? undefined : proveManifest(text, { archive, day, generation }, keys);
    if (typeof found === 'string')
      throw new LakeFault(
        `${key} in the lake ${store.name} ${found}. Run "ssm-archive verify --lake" where its archive is.`,
      );
    if (found && keys.length > 0 && found.signedBy === undefined)
      throw new LakeFault(
        `${key} in the lake ${store.name} is not signed by a key of verify.keys, so nothing proves whose it is. Add the key of the archive ${archive} there, or take the others out.`,
      );
    if (found) known.set(key, found);
    return found;
  }
  return async () => {
    const { archives, places } = await listOwners(store);
    const newest = await listGenerations(store);
    const numbers = new Set(archives.map(({ archive }) => archive));
    const stranger = [...newest.keys()].find((archive) => !numbers.has(archive));
    if (stranger !== undefined)
      throw new LakeFault(
        `The lake ${store.name} has days of an archive ${stranger}, and nothing that says which archive that is.`,
      );
    const read: ArchiveInLake[] = [];
    for (const owner of archives) {
      const days = await inParts([...(newest.get(owner.archive) ?? [])], ([day, generation]) =>
        newestProved((one) => prove(owner.archive, day, one), generation),
      );
      const proved = days.filter((day) => day !== undefined).sort((a, b) => (a.content.day < b.content.day ? -1 : 1));
      const [first] = proved;
      const isSigned = proved.every(({ signedBy }) => signedBy !== undefined);
      read.push({ ...owner, days: proved, signedBy: isSigned ? first?.signedBy : undefined });
    }
    return { archives: read, places };
  };
}

/** The newest generation of each day, by the archive's number. */
async function listGenerations(store: ObjectStore): Promise<Map<number, Map<string, number>>> {
  const newest = new Map<number, Map<string, number>>();
  for await (const { key } of store.list('_ledger/archive-')) {
    const [, archive, day, generation] = MANIFEST.exec(key) ?? [];
    if (archive === undefined || day === undefined) continue;
    const ofArchive = newest.get(Number(archive)) ?? new Map<string, number>();
    newest.set(Number(archive), ofArchive);
    ofArchive.set(day, Math.max(ofArchive.get(day) ?? 0, Number(generation)));
  }
  return newest;
}

/** A generation without a proof is being sealed, or its seal was killed: then the one before it counts. */
async function newestProved(
  prove: (generation: number) => Promise<ProvedDay | undefined>,
  newest: number,
): Promise<ProvedDay | undefined> {
  for (let generation = newest; generation >= 1; generation--) {
    const found = await prove(generation);
    if (found) return found;
  }
  return undefined;
}

async function inParts<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE)
    results.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map(work))));
  return results;
}
