import { identifyFile, isSameFile } from '../lib/files/identify-file.ts';
import type { Logger } from '../lib/logger.ts';

interface WatchOptions {
  path: string;
  /** As sentences call it, and what follows where it is not at its path any more. */
  what: string;
  consequence: string;
  log: Logger;
}

/**
 * Says why the file that was opened just now, or its -wal or -shm, is not what is at its path; undefined where it is. By device and inode
 * alone: nothing is refused for it, so that nothing has to be proven.
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
