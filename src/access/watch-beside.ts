import type { Logger } from '../lib/logger.ts';
import { watchAccessFile } from './watch-access-file.ts';

export interface FilesBeside {
  authDb: string;
  accessDb: string;
  log: Logger;
}

/** Says which of the files that lie beside the archive is not at its path any more; undefined while both are. */
export function watchBeside({ authDb, accessDb, log }: FilesBeside): () => string | undefined {
  const faults = [
    watchAccessFile({
      ...{ path: authDb, what: 'file of tokens', log },
      consequence: 'Tokens that are made or revoked now are not heeded.',
    }),
    watchAccessFile({
      ...{ path: accessDb, what: 'access log', log },
      consequence: 'What is asked now is recorded where nobody finds it.',
    }),
  ];
  return () => faults.map((fault) => fault()).find((sentence) => sentence !== undefined);
}
