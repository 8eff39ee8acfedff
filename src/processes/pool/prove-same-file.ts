import type { Database } from 'better-sqlite3';
import type { Proof } from '../../archive/file/watch-file.ts';
import { commitNonce, emptyWal, newNonce, type ReadNonce } from '../../db/file-nonce.ts';
import { ChildError } from '../../lib/child/child-error.ts';
import { createLogger } from '../../lib/logger.ts';
import { SECOND_MS, sleep } from '../../lib/time.ts';
import { createReaderPool, type ReaderPool } from './create-reader-pool.ts';
import { ReaderFailed } from './errors.ts';
import type { ReaderProgram } from './start-reader.ts';

interface ProveDeps {
  /** The open connection, which may write. */
  sqlite: Database;
  path: string;
  /** The program of a reading process. */
  program: ReaderProgram;
  random(size: number): Buffer;
}

const DEADLINE_MS = 10 * SECOND_MS;
const BUSY_PAUSE_MS = 50;
const ASKED = { caller: 'file', deadlineMs: DEADLINE_MS };

/**
 * Proves whether the archive at the path is the open one. The open connection commits a number, and a new connection
 * must read it. That tests the file, the -wal and the -shm.
 *
 * The new connection is in another process, because within one process SQLite itself compares files only by device and
 * inode. If SQLite took the same file for another one, closing the new connection would drop the locks on the open
 * file.
 */
export async function proveSameFile({ sqlite, path, program, random }: ProveDeps): Promise<Proof> {
  const pool = createReaderPool({
    ...{ archivePath: path, program, log: createLogger('silent') },
    ...{ readers: 1, longAtOnce: 1, readsPerCaller: 1, waitingPerCaller: 1, waitingInAll: 1 },
  });
  try {
    // This read maps the existing -shm. If the first read came after the commit, SQLite would build another -shm from
    // the -wal.
    const before = await readNonce(pool);
    const nonce = newNonce(random, before.committed);
    if (!(await commitPatiently(sqlite, nonce))) return 'unknown';
    // Until now the number is only in the -wal.
    const after = await readNonce(pool);
    if (after.process !== before.process) return 'unknown';
    if (after.committed !== nonce) return 'other';
    // A number in the -wal proves nothing about the file itself, so it must reach the file too.
    const isInFile = emptyWal(sqlite);
    const { inFile } = await readNonce(pool);
    if (inFile === nonce) return 'same';
    return isInFile ? 'other' : 'unknown';
  } catch (error) {
    return isNotReadable(error) ? 'other' : 'unknown';
  } finally {
    await pool.close();
  }
}

function readNonce(pool: ReaderPool): Promise<ReadNonce & { process: number }> {
  return pool.read('readNonce', {}, ASKED);
}

/** Tries again while a collector is writing, which takes some milliseconds each time. */
async function commitPatiently(sqlite: Database, nonce: number): Promise<boolean> {
  const end = performance.now() + DEADLINE_MS;
  while (performance.now() < end) {
    if (commitNonce(sqlite, nonce)) return true;
    await sleep(BUSY_PAUSE_MS);
  }
  return false;
}

/**
 * Whether the error shows that the file at the path is not a database or is damaged. An error about a lock shows
 * neither.
 */
function isNotReadable(error: unknown): boolean {
  const cause = error instanceof ReaderFailed ? error.cause : undefined;
  return cause instanceof ChildError && !/locked|busy/.test(cause.message);
}
