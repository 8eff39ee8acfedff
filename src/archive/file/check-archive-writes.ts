import { dirname } from 'node:path';
import type { Database } from 'better-sqlite3';
import { commitUnchanged } from '../../db/file-nonce.ts';
import { createWriteCheck, type WriteCheck } from '../../lib/files/create-write-check.ts';
import type { Logger } from '../../lib/logger.ts';

/** Space for the replies of a listing that are recorded in one transaction. */
const ROOM_BYTES = 4 * 1024 * 1024;
/** Error codes of SQLite and the system which mean that a file can't be written. */
const NOT_WRITTEN = /^(SQLITE_(FULL|IOERR|READONLY)|ENOSPC|EDQUOT|EROFS|EIO)/;

/** A failure that another process reported. */
interface PassFailed {
  message: string;
  code?: string | undefined;
}

/**
 * Whether passes can be recorded in an archive. Another process records them, so its failures are recognised by their
 * codes.
 */
export function checkArchiveWrites(
  writer: () => Database,
  { path, log }: { path: string; log: Logger },
): Pick<WriteCheck, 'fault' | 'succeeded'> & { passFailed(failure: PassFailed): void } {
  const { fault, failed, succeeded } = createWriteCheck({
    ...{ what: 'The archive', consequence: 'Until it can be written, nothing is collected.' },
    ...{ folder: dirname(path), roomBytes: ROOM_BYTES, log, monotonicMs: () => performance.now() },
    commit: () => commitUnchanged(writer()),
  });
  return {
    ...{ fault, succeeded },
    passFailed(failure) {
      const { message, code = '' } = failure;
      if (NOT_WRITTEN.test(code)) failed(Object.assign(new Error(message), { code }));
    },
  };
}
