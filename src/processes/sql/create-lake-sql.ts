import type { Database } from 'better-sqlite3';
import type { TableDescription } from '../../archive/file/describe-schema.ts';
import type { Logger } from '../../lib/logger.ts';
import { HOUR_MS } from '../../lib/time.ts';
import type { LakeFacts } from '../../questions/sql/lake-facts.ts';
import type { SchemaSection } from '../../questions/sql/parse-schema-page.ts';
import { createReaderPool, type ReaderPool } from '../pool/create-reader-pool.ts';
import type { ReaderProgram } from '../pool/start-reader.ts';
import { createSqlPool, type SqlPoolOptions } from './create-sql-pool.ts';
import type { CopyReads, LakeReads } from './lake-reads.ts';

export interface LakeSqlOptions extends Omit<SqlPoolOptions, 'program' | 'archivePath'> {
  archivePath: string;
  /** The program that answers, and the one that makes the lake ready and knows where it is. */
  programs: { sql: SqlPoolOptions['program']; copier: ReaderProgram };
  log: Logger;
  /** Returns the views that a question can name. It reads the archive's schema alone. */
  describe: (archive: Database, page: ReadonlyMap<string, SchemaSection>) => TableDescription[];
}

/** The files of the lake as they are now, and what answers over them say of themselves. */
export interface ReadyLake {
  facts: LakeFacts;
  /** What a question to the pool must have besides the query. */
  of: { view: string; engineBytes: number };
}

/** Answers SQL over the lake. Its methods reject as those of a pool do. */
export interface LakeSql {
  /** Resolves once the lake can be asked. The first caller in five minutes waits until the newest rows are copied. */
  ready(): Promise<ReadyLake>;
  pool: ReaderPool<Record<never, never>, LakeReads>;
  describe: LakeSqlOptions['describe'];
  renew(): void;
  close(): Promise<void>;
}

/** The engine gets this part of the memory that a query may take: values on their way out need the rest. */
const ENGINE_PART = 0.4;
/** A copy of millions of rows takes minutes, and a caller whose deadline has passed has gone. */
const LONGEST_COPY_MS = HOUR_MS;

/**
 * Creates what answers SQL over the lake: processes that nobody trusts, which read the lake's files and nothing else, and
 * one process that reads the archive and makes the files ready. All start at the first question.
 */
export function createLakeSql({ archivePath, programs, refuseMoved, describe, ...options }: LakeSqlOptions): LakeSql {
  const copier = createReaderPool<CopyReads>({
    ...{ archivePath, refuseMoved, program: programs.copier, log: options.log, isLazy: true },
    ...{ readers: 1, longAtOnce: 1, readsPerCaller: 1, waitingPerCaller: 8, waitingInAll: 8 },
  });
  // The processes for SQL don't learn where the archive is.
  const pool = createSqlPool<LakeReads>({ ...options, archivePath: '', program: programs.sql });
  let asking: Promise<ReadyLake> | undefined;
  const ask = async (): Promise<ReadyLake> => {
    const { path, facts } = await copier.read('readyView', {}, { caller: 'lake', deadlineMs: LONGEST_COPY_MS });
    return { facts, of: { view: path, engineBytes: Math.floor(options.memoryBytes * ENGINE_PART) } };
  };
  return {
    ...{ pool, describe },
    ready() {
      asking ??= ask().finally(() => {
        asking = undefined;
      });
      return asking;
    },
    renew() {
      copier.renew();
      pool.renew();
    },
    async close() {
      await Promise.all([copier.close(), pool.close()]);
    },
  };
}
