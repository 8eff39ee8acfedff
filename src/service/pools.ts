import type { FileWatch } from '../archive/file/watch-file.ts';
import type { Config } from '../config/config.ts';
import { environmentOfLake } from '../config/load-config.ts';
import { schedule } from '../ingest/schedule.ts';
import { placeOfLake } from '../lake/files/place-of-lake.ts';
import { nextSeal } from '../lake/seal/next-seal.ts';
import { describeViews } from '../lake/sql/describe-views.ts';
import { programPath } from '../lib/process/program-path.ts';
import { MINUTE_MS, type Now } from '../lib/time.ts';
import { startSeals } from '../processes/lake/start-seals.ts';
import { createLakeSql, type LakeSql } from '../processes/sql/create-lake-sql.ts';
import type { SqlPool } from '../processes/sql/create-sql-pool.ts';
import { startVerifications } from '../processes/verify/start-verifications.ts';
import type { ServiceDeps } from './service-deps.ts';

/**
 * With this delay, a service that restarts again and again does not verify each time, and its first pass goes first.
 */
const FIRST_VERIFY_AFTER_MS = 5 * MINUTE_MS;

/**
 * One caller may have as many questions waiting as a page of the console asks. Exports leave at least one reader free,
 * and so do the other questions of a single caller.
 */
export function poolOf({ config, log, readerProgram }: ServiceDeps, { refuseMoved }: FileWatch) {
  return {
    refuseMoved,
    archivePath: config.db,
    program: {
      ...(readerProgram ?? { path: programPath('reader') }),
      lake: placeOfLake(config, environmentOfLake(config)),
    },
    readers: config.readers,
    longAtOnce: config.readers - 1,
    readsPerCaller: config.readers - 1,
    waitingPerCaller: 32,
    waitingInAll: 256,
    log,
  };
}

/** The processes that answer SQL. */
export function sqlPoolOf({ config, log, sqlProgram }: ServiceDeps, { refuseMoved }: FileWatch) {
  return {
    refuseMoved,
    archivePath: config.db,
    program: sqlProgram ?? { path: programPath('sql-reader') },
    readers: config.sqlReaders,
    memoryBytes: config.sqlMemoryBytes,
    ...{ log, longestMs: Math.max(config.sqlDeadlineMs, config.exportDeadlineMs) },
  };
}

/** What answers SQL over the lake; undefined if no lake is configured. */
export function lakeSqlOf(deps: ServiceDeps, file: FileWatch): LakeSql | undefined {
  const lake = placeOfLake(deps.config, environmentOfLake(deps.config));
  if (lake === undefined) return undefined;
  const { program, ...options } = sqlPoolOf(deps, file);
  return createLakeSql({
    ...options,
    describe: describeViews,
    programs: {
      sql: { ...program, path: programPath('lake-sql-reader') },
      copier: { ...program, path: programPath('lake-copier'), lake },
    },
  });
}

/** The dependencies for SQL queries of the API and the console, with the limits of an answer. */
export function sqlDepsOf(
  { sqlDeadlineMs, sqlMemoryBytes, sqlRows, sqlBytes }: Config,
  pool: SqlPool,
  lake: LakeSql | undefined,
) {
  return { pool, lake, deadlineMs: sqlDeadlineMs, memoryBytes: sqlMemoryBytes, maxRows: sqlRows, maxBytes: sqlBytes };
}

/** Verifies the archive by the schedule, in a process of its own. */
export function verifyBySchedule(
  { config, log, now, ...deps }: ServiceDeps,
  { refuseMoved }: FileWatch,
  expression: string,
) {
  return startVerifications({
    archive: config,
    refuseMoved,
    program: deps.verifierProgram,
    schedule: (turn) => schedule({ expression, name: 'verify', log }, turn),
    firstAfterMs: deps.firstVerifyAfterMs ?? FIRST_VERIFY_AFTER_MS,
    ...{ log, now },
  });
}

/** Seals days by the schedule, in a process of its own, if there is a lake. */
export function sealBySchedule({ config, log, ...deps }: ServiceDeps, file: Pick<FileWatch, 'refuseMoved' | 'known'>) {
  const expression = config.lake?.schedule;
  if (expression === undefined) return undefined;
  return startSeals({
    ...{ config, log, file, program: deps.sealerProgram },
    schedule: (turn) => schedule({ expression, name: 'seal', log }, turn),
  });
}

/** Returns the function that says which day is sealed next; undefined if there is no lake. */
export function nextSealOf(
  { lake, settlingMs }: Config,
  archive: { sqlite: Parameters<typeof nextSeal>[0] },
  now: Now,
) {
  if (lake === undefined) return undefined;
  const { sealAfterMs } = lake;
  return () => nextSeal(archive.sqlite, { nowMs: now().getTime(), sealAfterMs, settlingMs });
}
