import type { Logger } from '../../lib/logger.ts';
import { createReaderPool, type ReaderPool } from '../pool/create-reader-pool.ts';
import type { ReaderProgram } from '../pool/start-reader.ts';
import type { SqlReads } from './sql-reads.ts';

export interface SqlPoolOptions {
  archivePath: string;
  program: Omit<ReaderProgram, 'limits' | 'isBackground'>;
  /**
   * Processes, four at least where several ask: three are kept for queries that are answered at once. One is enough for
   * one who asks: nobody else's query has to be let past, so none is found out to take long, nor put back.
   */
  readers: number;
  refuseMoved?: (() => Promise<void>) | undefined;
  /** What one process may take beyond what it takes at rest, in bytes. */
  memoryBytes: number;
  /** The longest deadline of a query. */
  longestMs: number;
  log: Logger;
}

/** Answers SQL of anyone's. Its verbs reject with SqlFault too. */
export type SqlPool = ReaderPool<Record<never, never>, SqlReads>;

const LONG_AFTER_MS = 100;
const TRIES_AT_ONCE = 2;
const SECOND_MS = 1000;
/** Twice what ends a process anyway, so that the ceiling ends only what nothing else has. */
const CPU_SECONDS = 1200;

/**
 * A pool of processes for queries that nobody has vetted. Each is under ceilings of the operating system, and started
 * with the first query: where nobody writes SQL, it costs nothing.
 */
export function createSqlPool({ program, memoryBytes, longestMs, ...options }: SqlPoolOptions): SqlPool {
  const longAtOnce = Math.max(1, options.readers - TRIES_AT_ONCE - 1);
  return createReaderPool({
    ...options,
    program: {
      ...program,
      // Pages go first, whatever is asked here. Not so for one who asks alone: there nothing else waits.
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
