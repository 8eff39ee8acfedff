/**
 * What the system and SQLite say where no room is left: of a disk, of a quota, or for SQLite's -shm file, which they make room for
 * before they use it.
 */
const CODES = ['SQLITE_FULL', 'SQLITE_IOERR_SHMSIZE', 'ENOSPC', 'EDQUOT'];

/** Whether something could not be written for want of space. */
export function isDiskFull(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && CODES.includes(String(error.code));
}
