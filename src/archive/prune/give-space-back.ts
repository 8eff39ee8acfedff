import { setImmediate } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';

/** So many pages of the file are a transaction of a few milliseconds: whoever writes too waits no longer. */
const PAGES_AT_ONCE = 500;
const WRITE_BACK_MS = 500;
const INCREMENTAL = 2;

export interface Space {
  /** The file's size now. */
  bytes: number;
  /** Of it, what nothing is in. */
  freeBytes: number;
  /** Whether the file can give space back bit by bit; one of an older version only by being written anew as a whole. */
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
 * Gives empty pages back to the file system, some at a time: readers go on, and writers wait for milliseconds. The file becomes smaller
 * once no reader needs what it was. Does nothing where the file can't.
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

/** Brings the log into the file. Writers wait meanwhile: where a reader needs the log yet, it stays, and the next writer tries again. */
function writeBack(sqlite: Database): void {
  const before = sqlite.pragma('busy_timeout', { simple: true });
  sqlite.pragma(`busy_timeout = ${WRITE_BACK_MS}`);
  sqlite.pragma('wal_checkpoint(TRUNCATE)');
  sqlite.pragma(`busy_timeout = ${before}`);
}

/**
 * Writes the file anew as a whole, so that it is as small as it can be and gives space back bit by bit from then on. Writers wait until
 * it is done, readers do not; it needs as much room again as the file has.
 */
export function writeAnew(sqlite: Database): Space {
  sqlite.pragma('auto_vacuum = INCREMENTAL');
  sqlite.exec('VACUUM');
  writeBack(sqlite);
  return readSpace(sqlite);
}
