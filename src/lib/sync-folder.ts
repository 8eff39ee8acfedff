import { open } from 'node:fs/promises';

/**
 * Has the disk keep what was made, renamed or removed in a folder. Where a folder can't be opened as a file, as on Windows,
 * the system sees to it by itself.
 */
export async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code !== 'EISDIR' && code !== 'EPERM' && code !== 'EACCES' && code !== 'EINVAL') throw error;
  }
}
