import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFile } from '../../lib/files/sync-file.ts';
import { canonicalJson } from '../../lib/json/canonical-json.ts';
import { sha256 } from '../../lib/sha256.ts';
import { LakeConflict } from '../store/object-store.ts';
import type { OwnerDeps } from './owner-deps.ts';

/** Puts an object where none may be. Returns false if one is there: somebody else was first. */
export async function putOnce({ store, folder }: OwnerDeps, key: string, content: object): Promise<boolean> {
  const path = join(folder, `${randomUUID()}.json`);
  const text = `${canonicalJson(content)}\n`;
  try {
    await writeFile(path, text);
    await syncFile(path);
    await store.put({ key, path, sha256: sha256(text).toString('hex'), replaces: [] });
    return true;
  } catch (error) {
    if (error instanceof LakeConflict) return false;
    throw error;
  } finally {
    await rm(path, { force: true });
  }
}
