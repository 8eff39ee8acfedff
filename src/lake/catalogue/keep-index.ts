import type { Database } from 'better-sqlite3';
import { MINUTE_MS, type Now } from '../../lib/time.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { Catalogue } from './catalogue.ts';
import { fillIndex } from './fill-index.ts';
import { openCatalogue } from './open-catalogue.ts';

/** The lake is listed again at most this often, when somebody asks something. */
export const LISTED_MS = 5 * MINUTE_MS;

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
  /** Why the lake could not be listed when that was last tried; undefined if it could. */
  fault(): string | undefined;
}

/** Lists a lake, and fills its index. Rejects with LakeFault if the lake can't be listed. */
export async function keepIndex({ sqlite, now, ...deps }: IndexDeps): Promise<KeptIndex> {
  const { read } = openCatalogue({ ...deps, now });
  let catalogue = await read();
  let listedMs = now().getTime();
  let fault: string | undefined;
  let listing: Promise<void> | undefined;
  fillIndex(sqlite, catalogue);
  async function list(): Promise<void> {
    try {
      catalogue = await read();
      fillIndex(sqlite, catalogue);
      fault = undefined;
    } catch (error) {
      fault = error instanceof Error ? error.message : String(error);
    }
    listedMs = now().getTime();
  }
  return {
    catalogue: () => catalogue,
    fault: () => fault,
    async refresh() {
      if (now().getTime() - listedMs < LISTED_MS) return;
      listing ??= list().finally(() => {
        listing = undefined;
      });
      await listing;
    },
  };
}
