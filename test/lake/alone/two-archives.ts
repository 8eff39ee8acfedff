import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openArchive } from '../../../src/db/open.ts';
import { beginIndex, fillIndex } from '../../../src/lake/alone/fill-index.ts';
import { type Catalogue, createCatalogueReader } from '../../../src/lake/alone/read-catalogue.ts';
import { proveDays } from '../../../src/lake/seal/prove-days.ts';
import { sealDays } from '../../../src/lake/seal/seal-days.ts';
import type { ObjectStore } from '../../../src/lake/store/object-store.ts';
import { openStore } from '../../../src/lake/store/open-store.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { ACCOUNT } from '../../ingest/archive-trial.ts';
import { type NumberedArchive, numberedArchive, OTHER_ACCOUNT, RIPE } from '../owners/numbered-archive.ts';
import { daysOf } from '../sealed-archive.ts';

/** Two archives, with the numbers 0 and 7, that have sealed all of their days into one folder. */
export interface TwoSealed {
  location: string;
  store: ObjectStore;
  archives: readonly NumberedArchive[];
  /** Reads the catalogue of the lake, with these keys pinned. */
  catalogue(keys?: readonly string[]): Promise<Catalogue>;
}

/** Seals two archives. `lastDays` are left unsealed. */
export async function sealTwo({ lastDays = 0 }: { lastDays?: number } = {}): Promise<TwoSealed> {
  const location = join(tempFolder(), 'lake');
  const store = await openStore(location);
  onTestFinished(() => store.close());
  const archives = [
    await numberedArchive(store, { number: 0, accountId: ACCOUNT, invocations: 25 }),
    await numberedArchive(store, { number: 7, accountId: OTHER_ACCOUNT, invocations: 25 }),
  ];
  for (const { deps, sqlite } of archives) {
    const days = daysOf(sqlite);
    await sealDays(deps, { ...RIPE, ...(lastDays > 0 && { before: days[days.length - lastDays] }) });
    await proveDays(deps);
  }
  return { location, store, archives, catalogue: (keys = []) => createCatalogueReader(store, keys)() };
}

/** Makes the index of a lake, in a folder of its own. */
export function indexOf(catalogue: Catalogue): { path: string } {
  const path = join(tempFolder(), 'index.db');
  const db = openArchive(path);
  beginIndex(db.sqlite);
  fillIndex(db.sqlite, catalogue);
  db.close();
  return { path };
}
