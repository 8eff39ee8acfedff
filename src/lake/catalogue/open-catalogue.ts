import { runQueue } from '../../lib/run-queue.ts';
import { dayAfter, type Now } from '../../lib/time.ts';
import { parseTurnKey } from '../owners/owner-files.ts';
import { readNumberOwner, readTurn } from '../owners/read-owner-files.ts';
import { fetchText } from '../store/fetch-text.ts';
import type { ObjectStore, StoredObject } from '../store/object-store.ts';
import { keyOfManifest, keyOfTombstone } from '../tables/object-key.ts';
import type { Catalogue, CatalogueArchive, CatalogueDay } from './catalogue.ts';
import { NotProved } from './check-proof.ts';
import { checkTombstone, readManifestDay } from './read-day.ts';

export interface CatalogueDeps {
  store: ObjectStore;
  /** Returns the verifier keys that the operator has pinned for an archive. */
  keysOf(archive: number): readonly string[];
  now: Now;
}

/** How many objects are fetched at once. */
const AT_ONCE = 16;
const KEY = /^_ledger\/archive-(\d+)\/(?:owner\.json|sealed\/day=(\d{4}-\d{2}-\d{2})\/g(\d+)(-pruned)?\.json)$/;

/** The generations of a day that have a manifest, and those that have a tombstone. */
interface Listed {
  manifests: number[];
  tombstones: Set<number>;
}

/**
 * Returns a function that lists what a lake says of its archives, and checks the proof of each day. Manifests are never
 * changed but to get their proof, so an object that has the same size as before is not fetched again. The function
 * rejects with LakeFault if the lake can't be listed.
 */
export function openCatalogue({ store, keysOf, now }: CatalogueDeps): { read(): Promise<Catalogue> } {
  const texts = new Map<string, { sizeBytes: number; text: string }>();
  /** Returns the texts of these objects. Texts of objects that are gone are forgotten. */
  async function fetchAll(objects: ReadonlyMap<string, number>): Promise<void> {
    for (const [key, { sizeBytes }] of texts) if (objects.get(key) !== sizeBytes) texts.delete(key);
    const missing = [...objects].filter(([key]) => !texts.has(key));
    await runQueue(missing, AT_ONCE, async ([key, sizeBytes]) => {
      const text = await fetchText(store, key);
      if (text !== undefined) texts.set(key, { sizeBytes, text });
    });
  }
  const textOf = (key: string) => texts.get(key)?.text;
  return {
    async read() {
      const listedAt = now().toISOString();
      const { archives, objects, turns } = await list(store);
      await fetchAll(objects);
      const found: CatalogueArchive[] = [];
      for (const [archive, days] of [...archives].sort(([a], [b]) => a - b)) {
        const pinned = keysOf(archive);
        const read = [...days]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([day, listed]) => readDay({ archive, day, listed, keys: pinned, textOf }));
        const kept = withoutUnended(read);
        const owner = await readNumberOwner(store, archive);
        const last = kept.at(-1)?.day;
        found.push({
          ...{ archive, origin: owner?.origin ?? null, isPinned: pinned.length > 0, days: kept },
          floor: last === undefined ? null : dayAfter(last),
        });
      }
      const places = [];
      for (const place of turns.values()) places.push(await readTurn(store, place, place.turn));
      return { listedAt, archives: found, places };
    },
  };
}

async function list(store: ObjectStore) {
  const archives = new Map<number, Map<string, Listed>>();
  const objects = new Map<string, number>();
  const turns = new Map<string, NonNullable<ReturnType<typeof parseTurnKey>>>();
  for await (const object of store.list('_ledger/')) {
    const turn = parseTurnKey(object.key);
    if (turn) {
      const place = `${turn.accountId} ${turn.region}`;
      if (turn.turn > (turns.get(place)?.turn ?? 0)) turns.set(place, turn);
    }
    addObject(archives, objects, object);
  }
  return { archives, objects, turns };
}

function addObject(
  archives: Map<number, Map<string, Listed>>,
  objects: Map<string, number>,
  { key, sizeBytes }: StoredObject,
): void {
  const [form, number, day, generation, isTombstone] = KEY.exec(key) ?? [];
  if (form === undefined) return;
  const days = archives.get(Number(number)) ?? new Map<string, Listed>();
  archives.set(Number(number), days);
  if (day === undefined) return;
  const listed = days.get(day) ?? { manifests: [], tombstones: new Set() };
  days.set(day, listed);
  if (isTombstone === undefined) listed.manifests.push(Number(generation));
  else listed.tombstones.add(Number(generation));
  objects.set(key, sizeBytes);
}

interface DayToRead {
  archive: number;
  day: string;
  listed: Listed;
  keys: readonly string[];
  textOf(key: string): string | undefined;
}

/** The newest generation with a proof counts. Undefined if none has one. */
function readDay({ archive, day, listed, keys, textOf }: DayToRead): CatalogueDay | { state: 'unended'; day: string } {
  let key = '';
  try {
    for (const generation of [...listed.manifests].sort((a, b) => b - a)) {
      key = keyOfManifest(archive, day, generation);
      const proved = readManifestDay(textOf(key) ?? '', { archive, day, generation, keys });
      if (!proved) continue;
      if (!listed.tombstones.has(generation)) return { state: 'sealed', day, ...proved };
      key = keyOfTombstone(archive, day, generation);
      checkTombstone(textOf(key) ?? '', { day, entrySeq: proved.sealed.entrySeq, keys });
      return { state: 'pruned', day, manifest: proved.manifest, signedBy: proved.signedBy };
    }
    return { state: 'unended', day };
  } catch (error) {
    if (!(error instanceof NotProved)) throw error;
    return { state: 'unreadable', day, why: `${key} ${error.message}.` };
  }
}

/**
 * Days are sealed in order. So the last days without a proof are those of a seal that goes on or was killed, and count as
 * not sealed; before others they can't be.
 */
function withoutUnended(days: readonly (CatalogueDay | { state: 'unended'; day: string })[]): CatalogueDay[] {
  const last = days.findLastIndex(({ state }) => state !== 'unended');
  return days.slice(0, last + 1).map((one): CatalogueDay => {
    if (one.state !== 'unended') return one;
    const { day } = one;
    return { state: 'unreadable', day, why: `No manifest of ${day} has a proof, although later days have one.` };
  });
}
