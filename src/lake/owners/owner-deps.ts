import type { Database } from 'better-sqlite3';
import type { Now } from '../../lib/time.ts';
import type { ObjectStore } from '../store/object-store.ts';

/** What is needed to claim accounts and regions in the lake. */
export interface OwnerDeps {
  sqlite: Database;
  store: ObjectStore;
  /** A folder for files until they are in the lake. */
  folder: string;
  now: Now;
  /** The names of the keys that have signed this archive, the newest last: by these the lake knows it. */
  origins(): readonly string[];
}
