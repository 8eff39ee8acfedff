import { dirname } from 'node:path';
import { createWriteCheck, type WriteCheck } from '../../lib/files/create-write-check.ts';
import type { Logger } from '../../lib/logger.ts';
import type { AccessDb } from './open-access-db.ts';

/** Enough room for one row and for what SQLite writes besides it. */
const ROOM_BYTES = 256 * 1024;

/** Returns the access log, and a check that says whether rows can be written to it. */
export function checkLogWrites(
  opened: AccessDb,
  { path, log }: { path: string; log: Logger },
): { accessDb: AccessDb; writes: WriteCheck } {
  const writes = createWriteCheck({
    ...{ what: 'The access log', consequence: 'Until it can be written, no answer is sent.' },
    ...{ folder: dirname(path), roomBytes: ROOM_BYTES, log, monotonicMs: () => performance.now() },
    commit: () => commitUnchanged(opened),
  });
  return { accessDb: tellWrites(opened, writes), writes };
}

/** Tests whether the file can be written, by committing the version number that it already has. */
function commitUnchanged(file: AccessDb): void {
  const version = Number(file.prepare('PRAGMA user_version').pluck().get());
  file.write(() => file.prepare(`PRAGMA user_version = ${version}`).run());
}

/** Returns the file in a form that tells `hears` after each transaction whether it was committed. */
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
