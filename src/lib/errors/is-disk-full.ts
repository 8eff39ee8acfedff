/**
 * The codes of the system and of SQLite for a full disk or quota. SQLite reports the last one for its -shm file, for
 * which it reserves space before it uses it.
 */
const CODES = ['SQLITE_FULL', 'SQLITE_IOERR_SHMSIZE', 'ENOSPC', 'EDQUOT'];

/** Whether a write failed because there is no space left. */
export function isDiskFull(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && CODES.includes(String(error.code));
}
