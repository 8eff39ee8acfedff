import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../../lib/files/replace-file.ts';
import type { MadeCheckpoint } from './make-checkpoint.ts';

/**
 * Writes a checkpoint to a folder outside the archive, so that it is kept even if the archive is lost: to the file
 * `checkpoint`, and to the file of its day, which keeps the last checkpoint of the day. Throws the system's errors.
 */
export async function publishCheckpoint(directory: string, { note, madeAt }: MadeCheckpoint): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const name of ['checkpoint', `checkpoint-${madeAt.slice(0, 10)}`])
    await replaceFile(join(directory, name), note);
}
