import { open } from 'node:fs/promises';

/** Has the disk keep what was written into a file. Gives its size in bytes. Throws the system's errors. */
export async function syncFile(path: string): Promise<number> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
    return (await file.stat()).size;
  } finally {
    await file.close();
  }
}
