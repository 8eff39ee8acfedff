import { open } from 'node:fs/promises';

/** Flushes what was written to a file to the disk. Returns the file's size in bytes. Throws the system's errors. */
export async function syncFile(path: string): Promise<number> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
    return (await file.stat()).size;
  } finally {
    await file.close();
  }
}
