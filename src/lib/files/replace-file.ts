import { randomUUID } from 'node:crypto';
import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from './sync-folder.ts';

/**
 * Replaces a file's content. Readers see either the whole old file or the whole new one, even after a power loss. An
 * existing file keeps its mode, because somebody may have widened it on purpose. If `beforeRename` throws, the old file
 * stays.
 */
export async function replaceFile(path: string, content: string, beforeRename?: () => Promise<void>): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const mode = await modeOf(path);
    const file = await open(temporary, 'wx', mode);
    try {
      // The umask has removed bits from the mode, so the old file's mode is set again.
      if (mode !== undefined) await file.chmod(mode);
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await beforeRename?.();
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

async function modeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mode & 0o777;
  } catch {
    return undefined;
  }
}
