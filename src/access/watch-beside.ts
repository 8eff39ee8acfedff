import type { Logger } from '../lib/logger.ts';
import { watchAccessFile } from './watch-access-file.ts';

export interface FilesBeside {
  authDb: string;
  accessDb: string;
  log: Logger;
}

/**
 * Returns a function that checks the two files beside the archive, and returns a warning if either file is no longer at
 * its path.
 */
export function watchBeside({ authDb, accessDb, log }: FilesBeside): () => string | undefined {
  const faults = [
    watchAccessFile({
      ...{ path: authDb, what: 'file of tokens', log },
      consequence: 'Tokens that are made or revoked now have no effect on this server.',
    }),
    watchAccessFile({
      ...{ path: accessDb, what: 'access log', log },
      consequence: 'Requests are now recorded in a file that nobody will find.',
    }),
  ];
  return () => faults.map((fault) => fault()).find((sentence) => sentence !== undefined);
}
