import { identifyFile, isSameFile } from '../lib/files/identify-file.ts';
import type { Logger } from '../lib/logger.ts';

interface WatchOptions {
  path: string;
  /** The file's name in messages, and a sentence that says what happens if the file is not at its path any more. */
  what: string;
  consequence: string;
  log: Logger;
}

/**
 * Returns a function that checks whether the file that was just opened, its -wal and its -shm are still at their paths.
 * The function returns a sentence if one of them is not. It compares only device and inode, which is enough for a
 * sentence that is only a warning.
 */
export function watchAccessFile({ path, what, consequence, log }: WatchOptions): () => string | undefined {
  const opened = identifyFile(path);
  let told: string | undefined;
  return () => {
    const found = identifyFile(path);
    const fault = isSameFile(found, opened)
      ? undefined
      : `The ${what} is not at its path any more, or has another device or inode than when it was opened. ${consequence}`;
    if (fault === told) return fault;
    told = fault;
    if (fault === undefined) log.info({ path }, `The ${what} is at its path again.`);
    else log.error({ path, opened, found }, `${path}: ${fault} Put it back, or start the server again.`);
    return fault;
  };
}
