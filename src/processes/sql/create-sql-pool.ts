import type { Logger } from '../../lib/logger.ts';
import { createReaderPool, type ReaderPool } from '../pool/create-reader-pool.ts';
import type { ReaderProgram } from '../pool/start-reader.ts';
import type { SqlReads } from './sql-reads.ts';

export interface SqlPoolOptions {
  archivePath: string;
  program: Omit<ReaderProgram, 'limits' | 'isBackground'>;
  /**
   * How many processes the pool has. Several callers need at least four, because three are kept for queries that end
   * quickly. A single caller needs one: no other query waits, so a query is not stopped because it takes long.
   */
  readers: number;
  refuseMoved?: (() => Promise<void>) | undefined;
  /** How much memory one process may take beyond what it takes when idle, in bytes. */
  memoryBytes: number;
  /** The longest deadline of a query. */
  longestMs: number;
  log: Logger;
}

/** Answers callers' SQL. Its methods can also reject with SqlFault. */
export type SqlPool<Streams = SqlReads> = ReaderPool<Record<never, never>, Streams>;

const LONG_AFTER_MS = 100;
const TRIES_AT_ONCE = 2;
const SECOND_MS = 1000;
/**
 * Twice the time after which a process is replaced anyway, so this limit ends only a query that nothing else has ended.
 */
const CPU_SECONDS = 1200;

/**
 * Creates a pool of processes for callers' SQL, which nobody has checked. The operating system limits each process. The
 * processes start at the first query, so they cost nothing if nobody uses SQL.
 */
export function createSqlPool<Streams = SqlReads>({
  program,
  memoryBytes,
  longestMs,
  ...options
}: SqlPoolOptions): SqlPool<Streams> {
  const longAtOnce = Math.max(1, options.readers - TRIES_AT_ONCE - 1);
  return createReaderPool<Record<never, never>, Streams>({
    ...options,
    program: {
      ...program,
      // The console's pages have priority over callers' SQL. With a single caller there is nothing else that could
      // wait.
      isBackground: options.readers > 1,
      limits: { memoryBytes, cpuSeconds: CPU_SECONDS + Math.ceil(longestMs / SECOND_MS) },
    },
    isLazy: true,
    longAtOnce,
    ...(options.readers > 1 && {
      longReads: { afterMs: LONG_AFTER_MS, perCaller: Math.max(1, longAtOnce - 1), triesAtOnce: TRIES_AT_ONCE },
    }),
    readsPerCaller: TRIES_AT_ONCE,
    waitingPerCaller: 128,
    waitingInAll: 512,
  });
}
