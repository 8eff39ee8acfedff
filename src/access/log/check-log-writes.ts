import { dirname } from 'node:path';
import { createWriteCheck, type WriteCheck } from '../../lib/files/create-write-check.ts';
import type { Logger } from '../../lib/logger.ts';
import type { AccessDb } from './open-access-db.ts';

/** Room for a row and for what SQLite adds. */
const ROOM_BYTES = 256 * 1024;

/** The access log at a path, with a check whether rows can be written. */
export function checkLogWrites(
  opened: AccessDb,
  { path, log }: { path: string; log: Logger },
): { accessDb: AccessDb; writes: WriteCheck } {
  const writes = createWriteCheck({
    ...{ what: 'The access log', consequence: 'Until it can, every answer is withheld.' },
    ...{ folder: dirname(path), roomBytes: ROOM_BYTES, log, monotonicMs: () => performance.now() },
    commit: () => commitUnchanged(opened),
  });
  return { accessDb: tellWrites(opened, writes), writes };
}

/** Commits the version that the file already has. */
function commitUnchanged(file: AccessDb): void {
  const version = Number(file.prepare('PRAGMA user_version').pluck().get());
  file.write(() => file.prepare(`PRAGMA user_version = ${version}`).run());
}

/** The same file, with a listener that learns whether each transaction was committed. */
function tellWrites(file: AccessDb, hears: Pick<WriteCheck, 'failed' | 'succeeded'>): AccessDb {
  return {
    ...file,
    write(work) {
      try {
        const result = file.write(work);
        hears.succeeded();
        return result;
      } catch (error) {
        hears.failed(error);
        throw error;
      }
    },
  };
}
