import { existsSync, realpathSync, statSync } from 'node:fs';
import { readHeader } from './read-header.ts';

/** The facts that show whether a file without locks was written to. */
export interface FileState {
  inode: bigint;
  size: bigint;
  modifiedAtNs: bigint;
  changeCounter: number | undefined;
  hasWal: boolean;
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
    hasWal: existsSync(`${real}-wal`),
  };
}

/** Whether nobody has written or begun to write between two states. */
export function isUnchanged(before: FileState, after: FileState): boolean {
  return (
    !after.hasWal &&
    before.inode === after.inode &&
    before.size === after.size &&
    before.modifiedAtNs === after.modifiedAtNs &&
    before.changeCounter === after.changeCounter
  );
}
