import { hash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ObjectToPut } from '../../../src/lake/store/object-store.ts';
import { tempFolder } from '../../db/temp-archive.ts';

/** Returns a file of random bytes that is to be put into a lake. */
export function stagedFile(key: string, { bytes = 1000, replaces = [] as readonly string[] } = {}): ObjectToPut {
  const content = randomBytes(bytes);
  const path = join(tempFolder(), 'staged');
  writeFileSync(path, content);
  return { key, path, sha256: hash('sha256', content), replaces };
}
