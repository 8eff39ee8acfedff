/** Who may read the files of an installation: only their owner, or also the owner's group. Other users never may. */
export type FileMode = 0o600 | 0o640;

/** The modes: their texts in settings, and their numbers. */
export const FILE_MODES: ReadonlyMap<string, FileMode> = new Map([
  ['0600', 0o600],
  ['600', 0o600],
  ['0640', 0o640],
  ['640', 0o640],
]);

/**
 * Limits the modes of all files and folders that this process and its children make from now on, whatever umask it was
 * started with. The system applies the limit when it makes a file, so others can't read a file even for a moment, and
 * no file is forgotten, not even SQLite's -wal and -shm. Secrets are made with mode 0600, which the limit does not
 * change.
 */
export function boundNewFiles(mode: FileMode): void {
  process.umask(mode === 0o640 ? 0o027 : 0o077);
}
