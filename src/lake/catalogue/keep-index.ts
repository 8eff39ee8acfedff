import type { Database } from 'better-sqlite3';
import { MINUTE_MS, type Now, SECOND_MS } from '../../lib/time.ts';
import { isAbsent } from '../store/is-absent.ts';
import { LakeFault } from '../store/lake-fault.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { Catalogue, CatalogueArchive } from './catalogue.ts';
import { fillIndex } from './fill-index.ts';
import { openCatalogue } from './open-catalogue.ts';

/** The lake is listed again at most this often, when somebody asks something. */
export const LISTED_MS = 5 * MINUTE_MS;
/** If an object was not what the last listing says, it is listed again after this time. */
const SUSPECTED_MS = 10 * SECOND_MS;

export interface IndexDeps {
  store: ObjectStore;
  keysOf(archive: number): readonly string[];
  now: Now;
  /** The connection that writes to the index. */
  sqlite: Database;
}

/** What a lake says of itself, as it was listed last. */
export interface KeptIndex {
  catalogue(): Catalogue;
  /** Lists the lake again if that was not done for five minutes. If it can't be listed, what was known stays. */
  refresh(): Promise<void>;
  /** Says that an object was not what the last listing says: the lake is listed again soon. */
  suspect(): void;
  /** Why the lake could not be listed when that was last tried; undefined if it could. */
  fault(): string | undefined;
}

/** Lists a lake, and fills its index. Rejects with LakeFault if the lake is not there or can't be listed. */
export async function keepIndex({ sqlite, now, store, keysOf }: IndexDeps): Promise<KeptIndex> {
  const { read } = openCatalogue({ store, keysOf, now });
  let catalogue = await list([]);
  let listedMs = now().getTime();
  let atMost = LISTED_MS;
  let fault: string | undefined;
  let listing: Promise<void> | undefined;
  fillIndex(sqlite, catalogue);
  /** Archives never leave a lake: if one is missing, perhaps a disk is not mounted. */
  async function list(before: readonly CatalogueArchive[]): Promise<Catalogue> {
    if (await isAbsent(store))
      throw new LakeFault(`The lake ${store.name} is not there. If it is on a disk of its own, mount that.`);
    const found = await read();
    const gone = before.find(({ archive }) => found.archives.every((one) => one.archive !== archive));
    if (found.archives.every(({ days }) => days.length === 0))
      throw new LakeFault(`The lake ${store.name} has no sealed day of any archive.`);
    if (gone)
      throw new LakeFault(
        `The lake ${store.name} has nothing of archive ${gone.archive} any more, which it had before.`,
      );
    return found;
  }
  async function listAgain(): Promise<void> {
    try {
      catalogue = await list(catalogue.archives);
      fillIndex(sqlite, catalogue);
      fault = undefined;
    } catch (error) {
      fault = error instanceof Error ? error.message : String(error);
    }
    listedMs = now().getTime();
    atMost = LISTED_MS;
  }
  return {
    catalogue: () => catalogue,
    fault: () => fault,
    suspect() {
      atMost = SUSPECTED_MS;
    },
    async refresh() {
      if (now().getTime() - listedMs < atMost) return;
      listing ??= listAgain().finally(() => {
        listing = undefined;
      });
      await listing;
    },
  };
}
