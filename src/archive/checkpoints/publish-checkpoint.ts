import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../../lib/files/replace-file.ts';
import type { MadeCheckpoint } from './make-checkpoint.ts';

/**
 * Writes a checkpoint to a folder where it outlives the archive: as `checkpoint`, and as the file of its day, which
 * keeps the day's last one. Throws the system's errors.
 */
export async function publishCheckpoint(directory: string, { note, madeAt }: MadeCheckpoint): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const name of ['checkpoint', `checkpoint-${madeAt.slice(0, 10)}`])
    await replaceFile(join(directory, name), note);
}
