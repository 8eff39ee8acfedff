import { realpathSync, type StatOptions, statSync } from 'node:fs';

/** The three files of an open archive, each as `device:inode`; undefined where nothing is at its path. */
export interface FileIdentity {
  main: string | undefined;
  wal: string | undefined;
  shm: string | undefined;
  /** The file itself has no byte: SQLite takes such a file for a new database, and removes a -wal beside it. */
  isEmpty: boolean;
}

/** What is told of a file: its device, its inode and its size. */
export type StatFile = (
  path: string,
  options: StatOptions & { bigint: true },
) => Record<'dev' | 'ino' | 'size', bigint>;

/**
 * Which files are at an archive's path now. It never opens any: to close one that SQLite has open in the same process would
 * drop all locks of that process on it. SQLite follows a symbolic link, and has -wal and -shm beside the file that it leads to.
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

/** Whether all three are what they were. */
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
    // Whatever keeps it from being found keeps SQLite from opening it.
    return undefined;
  }
}
