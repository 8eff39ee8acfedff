import type { ObjectStore } from '../store/object-store.ts';
import { keyOfNumber, type NumberOwner, type PlaceTurn } from './owner-files.ts';
import { newestTurns, readNumberOwner, readTurn } from './read-owner-files.ts';

/** Which archives a lake has, and which of them owns what. */
export interface LakeOwnership {
  archives: NumberOwner[];
  /** The newest turn of each account and region that was ever claimed. */
  places: PlaceTurn[];
}

/** Lists the archives of a lake and what they own. Reads an object for each of them. */
export async function listOwners(store: ObjectStore): Promise<LakeOwnership> {
  const owned: LakeOwnership = { archives: [], places: [] };
  for (const archive of await numbersIn(store)) {
    const owner = await readNumberOwner(store, archive);
    if (owner) owned.archives.push(owner);
  }
  for (const place of await newestTurns(store)) owned.places.push(await readTurn(store, place, place.turn));
  owned.places.sort((a, b) => (`${a.accountId} ${a.region}` < `${b.accountId} ${b.region}` ? -1 : 1));
  return owned;
}

async function numbersIn(store: ObjectStore): Promise<number[]> {
  const numbers = new Set<number>();
  for await (const { key } of store.list('_ledger/archive-')) {
    const [, number] = /^_ledger\/archive-(\d+)\//.exec(key) ?? [];
    if (number !== undefined && key === keyOfNumber(Number(number))) numbers.add(Number(number));
  }
  return [...numbers].sort((a, b) => a - b);
}
