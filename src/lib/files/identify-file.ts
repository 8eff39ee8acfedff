import { realpathSync, type StatOptions, statSync } from 'node:fs';

/** The three files of an open archive, each as `device:inode`; undefined if nothing is at the path. */
export interface FileIdentity {
  main: string | undefined;
  wal: string | undefined;
  shm: string | undefined;
  /** The file is empty. SQLite takes such a file for a new database and removes a -wal beside it. */
  isEmpty: boolean;
}

/** What is compared of a file: its device, its inode and its size. */
export type StatFile = (
  path: string,
  options: StatOptions & { bigint: true },
) => Record<'dev' | 'ino' | 'size', bigint>;

/**
 * Returns which files are at an archive's path now. Opens none of them: closing a file that SQLite also has open in
 * this process would drop all of the process's locks on it. Like SQLite, it follows a symbolic link, and looks for -wal
 * and -shm beside the link's target.
 */
export function identifyFile(path: string, stat: StatFile = statSync): FileIdentity {
  const real = realPath(path);
  const main = real === undefined ? undefined : find(real, stat);
  const beside = real ?? path;
  return {
    main: main?.id,
    wal: find(`${beside}-wal`, stat)?.id,
    shm: find(`${beside}-shm`, stat)?.id,
    isEmpty: main?.size === 0n,
  };
}

/** Whether all three files are still the same. */
export function isSameFile(one: FileIdentity, other: FileIdentity): boolean {
  return one.main === other.main && one.wal === other.wal && one.shm === other.shm && one.isEmpty === other.isEmpty;
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function find(path: string, stat: StatFile): { id: string; size: bigint } | undefined {
  try {
    const { dev, ino, size } = stat(path, { bigint: true });
    return { id: `${dev}:${ino}`, size };
  } catch {
    // An error here also prevents SQLite from opening the file.
    return undefined;
  }
}
