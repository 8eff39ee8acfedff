/** Who may read what an installation writes: its owner alone, or its owner's group too. Nothing lets others. */
export type FileMode = 0o600 | 0o640;

/** As a setting has them, and octal numbers are written. */
export const FILE_MODES: ReadonlyMap<string, FileMode> = new Map([
  ['0600', 0o600],
  ['600', 0o600],
  ['0640', 0o640],
  ['640', 0o640],
]);

/**
 * Bounds the modes of all files and folders that this process makes from now on, and its children do, whatever umask it was started
 * with. The system itself applies it as it makes each one, so there is no moment at which others may read a file, and none is
 * forgotten, whichever library makes it: SQLite its -wal and -shm too. A secret asks for 0600 by itself, and gets that.
 */
export function boundNewFiles(mode: FileMode): void {
  process.umask(mode === 0o640 ? 0o027 : 0o077);
}
