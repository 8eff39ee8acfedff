import { setImmediate } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';

/** Giving back this many pages is a transaction of a few milliseconds, so other writers do not wait longer. */
const PAGES_AT_ONCE = 500;
const WRITE_BACK_MS = 500;
const INCREMENTAL = 2;

export interface Space {
  /** The file's size now. */
  bytes: number;
  /** How much of the file is empty. */
  freeBytes: number;
  /**
   * Whether the file can give space back in small steps. A file that an older version made must be rewritten as a whole
   * for that.
   */
  isIncremental: boolean;
}

/** How much of the file is empty. */
export function readSpace(sqlite: Database): Space {
  const pragma = (name: string) => Number(sqlite.pragma(name, { simple: true }));
  const page = pragma('page_size');
  return {
    bytes: pragma('page_count') * page,
    freeBytes: pragma('freelist_count') * page,
    isIncremental: pragma('auto_vacuum') === INCREMENTAL,
  };
}

/**
 * Gives empty pages back to the file system in small steps: readers are not blocked, and writers wait for milliseconds.
 * The file becomes smaller once no reader needs its former state. Does nothing if the file can't give space back.
 */
export async function giveSpaceBack(
  sqlite: Database,
  { signal, onProgress = () => {} }: { signal?: AbortSignal | undefined; onProgress?: (space: Space) => void },
): Promise<Space> {
  let space = readSpace(sqlite);
  while (space.isIncremental && space.freeBytes > 0 && !signal?.aborted) {
    const before = space.freeBytes;
    sqlite.exec(`PRAGMA main.incremental_vacuum(${PAGES_AT_ONCE})`);
    space = readSpace(sqlite);
    if (space.freeBytes >= before) break;
    onProgress(space);
    await setImmediate();
  }
  writeBack(sqlite);
  return readSpace(sqlite);
}

/**
 * Writes SQLite's log into the file. Writers wait until that is done. If a reader still needs the log, the log stays,
 * and the next writer tries again.
 */
function writeBack(sqlite: Database): void {
  const before = sqlite.pragma('busy_timeout', { simple: true });
  sqlite.pragma(`busy_timeout = ${WRITE_BACK_MS}`);
  sqlite.pragma('wal_checkpoint(TRUNCATE)');
  sqlite.pragma(`busy_timeout = ${before}`);
}

/**
 * Rewrites the file as a whole, so that it is as small as possible and can give space back in small steps from then on.
 * Writers wait until this is done; readers do not wait. It needs as much free space as the file has.
 */
export function writeAnew(sqlite: Database): Space {
  sqlite.pragma('auto_vacuum = INCREMENTAL');
  sqlite.exec('VACUUM');
  writeBack(sqlite);
  return readSpace(sqlite);
}
