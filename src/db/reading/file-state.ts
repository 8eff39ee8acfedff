import { existsSync, realpathSync, statSync } from 'node:fs';
import { readHeader } from './read-header.ts';

/** What tells that a file, which no lock kept from being written to, was not. */
export interface FileState {
  inode: bigint;
  size: bigint;
  modifiedAtNs: bigint;
  changeCounter: number | undefined;
  hasWal: boolean;
}

/** The state of a SQLite file and of what stands beside it. This process must not have it open, as `readHeader` says. */
export function readFileState(path: string): FileState {
  const real = realpathSync(path);
  const { ino, size, mtimeNs } = statSync(real, { bigint: true });
  return {
    ...{ inode: ino, size, modifiedAtNs: mtimeNs },
    changeCounter: readHeader(real)?.changeCounter,
    hasWal: existsSync(`${real}-wal`),
  };
}

/** Whether nothing was written between two looks, and nobody has begun to. */
export function isUnchanged(before: FileState, after: FileState): boolean {
  return (
    !after.hasWal &&
    before.inode === after.inode &&
    before.size === after.size &&
    before.modifiedAtNs === after.modifiedAtNs &&
    before.changeCounter === after.changeCounter
  );
}
