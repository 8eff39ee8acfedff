import { realpathSync, statSync } from 'node:fs';
import { readHeader } from './read-header.ts';

/** A -wal without changes is no longer than its header: https://www.sqlite.org/fileformat2.html#walformat. */
const WAL_HEADER_BYTES = 32;

/** The facts that show whether a file without locks was written to. */
export interface FileState {
  inode: bigint;
  size: bigint;
  modifiedAtNs: bigint;
  changeCounter: number | undefined;
  /** Whether a -wal beside it may hold changes. */
  hasNewer: boolean;
}

/**
 * Returns the state of a SQLite file and of the files beside it. This process must not have the file open, as for
 * `readHeader`.
 */
export function readFileState(path: string): FileState {
  const real = realpathSync(path);
  const { ino, size, mtimeNs } = statSync(real, { bigint: true });
  return {
    ...{ inode: ino, size, modifiedAtNs: mtimeNs },
    changeCounter: readHeader(real)?.changeCounter,
    hasNewer: hasChanges(`${real}-wal`),
  };
}

/**
 * Whether a -wal may hold changes. A process that may open no more files makes an empty -wal, can't make the -shm, and
 * leaves the -wal.
 */
export function hasChanges(wal: string): boolean {
  return (statSync(wal, { throwIfNoEntry: false })?.size ?? 0) > WAL_HEADER_BYTES;
}

/** Whether nobody has written between two states. */
export function isUnchanged(before: FileState, after: FileState): boolean {
  return (
    !after.hasNewer &&
    before.inode === after.inode &&
    before.size === after.size &&
    before.modifiedAtNs === after.modifiedAtNs &&
    before.changeCounter === after.changeCounter
  );
}
