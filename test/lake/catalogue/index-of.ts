import { join } from 'node:path';
import { openArchive } from '../../../src/db/open.ts';
import { beginIndex, fillIndex } from '../../../src/lake/catalogue/fill-index.ts';
import { openCatalogue } from '../../../src/lake/catalogue/open-catalogue.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import type { LakeOfTwo } from './lake-of-two.ts';

/** Makes the index of a lake, in a folder of its own, and returns its path. */
export async function indexOf({ store, keys }: Pick<LakeOfTwo, 'store' | 'keys'>): Promise<string> {
  const catalogue = await openCatalogue({
    store,
    keysOf: (archive) => keys.get(archive) ?? [],
    now: () => new Date(),
  }).read();
  const path = join(tempFolder(), 'index.db');
  const db = openArchive(path);
  beginIndex(db.sqlite);
  fillIndex(db.sqlite, catalogue);
  db.close();
  return path;
}
