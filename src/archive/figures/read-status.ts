import type { Database } from 'better-sqlite3';
import { isUnfinished } from '../../db/sql/final-sql.ts';
import { isoFromMs } from '../../lib/time.ts';
import { FORGETTING_SOON_MS, RETENTION_MS } from '../../model/coverage/retention.ts';
import { listMissing, type MissingSource } from '../coverage/sources/list-missing.ts';
import { type LateLooks, readLateLooks } from '../looks/read-late-looks.ts';
import { type LakeFigures, readLake } from './read-lake.ts';

/** One account and region as the archive knows it. Times are ISO text, or null if there is none. */
export interface SourceStatus {
  accountId: string;
  region: string;
  alias: string | null;
  lastOutcome: string | null;
  lastError: string | null;
  lastFinishedAt: string | null;
  invocations: number;
  newestRequestedAt: string | null;
  unfinished: number;
  /** Unfinished invocations that the service will forget within 72 hours. */
  unfinishedSoonForgotten: number;
  /**
   * Invocations that were unfinished when last seen and that the service no longer shows, so their end is not known.
   */
  unfinishedForgotten: number;
  /**
   * Ended commands of which the archive never had as many invocations as the service's TargetCount, and how many they
   * lack.
   */
  shortCommands: number;
  missingInvocations: number;
}

/** A source whose account could not be found out in its newest pass. */
export interface NamelessSource {
  alias: string;
  region: string;
  error: string | null;
}

export interface ArchiveStatus {
  lastRun: { id: number; outcome: string; startedAt: string; finishedAt: string | null } | null;
  /** All of the archive, those that are in the lake alone too. The next three are of the file alone. */
  invocations: number;
  plugins: number;
  outputs: number;
  revisions: number;
  fileSizeBytes: number;
  /** What is in the lake; null if no day is sealed. */
  lake: LakeFigures | null;
  sources: SourceStatus[];
  namelessSources: NamelessSource[];
  /** For each account and region, how many final invocations still need a late look, and how many never got one. */
  lateLooks: LateLooks[];
  /** The sources that are owed and were never collected. */
  missingSources: MissingSource[];
}

/**
 * The state of the whole archive. Counts every row, so it is meant for a person, not for a program that asks every few
 * seconds.
 */
export function readStatus(sqlite: Database, nowMs: number): ArchiveStatus {
  const count = (table: string): number => Number(sqlite.prepare(`SELECT count(*) FROM ${table}`).pluck().get());
  const lastRun = sqlite
    .prepare<[], NonNullable<ArchiveStatus['lastRun']>>(
      'SELECT id, outcome, started_at AS startedAt, finished_at AS finishedAt FROM runs ORDER BY id DESC LIMIT 1',
    )
    .get();
  const sources = sqlite
    .prepare<unknown[], SourceStatus>(
      `WITH places AS (
         SELECT DISTINCT account_id, region FROM invocations
         UNION SELECT account_id, region FROM sealed_commands
         UNION SELECT account_id, region FROM coverage
         UNION SELECT account_id, region FROM run_sources WHERE account_id IS NOT NULL
         UNION SELECT account_id, region FROM owed_sources WHERE account_id IS NOT NULL AND region IS NOT NULL
       ), answered AS (
         -- The account and region that a source had in its last answer. A failed pass in which the source did not say them counts for these.
         SELECT alias, region, account_id, max(run_id) FROM run_sources WHERE account_id IS NOT NULL GROUP BY alias, region
       ), ended AS (
         SELECT account_id, region, alias, outcome, error, finished_at, run_id FROM run_sources WHERE account_id IS NOT NULL
         UNION ALL
         SELECT a.account_id, a.region, a.alias, r.outcome, r.error, r.finished_at, r.run_id
           FROM answered a JOIN run_sources r ON r.alias = a.alias AND r.region IN (a.region, '') AND r.account_id IS NULL
       ), last AS (
         -- If one pass has two sources of an account and region, the failed one is shown.
         SELECT * FROM (
           SELECT *, row_number() OVER (PARTITION BY account_id, region ORDER BY run_id DESC, outcome = 'complete') AS n FROM ended
         ) WHERE n = 1
       ), open AS (
         SELECT i.account_id, i.region, count(*) AS unfinished,
                count(*) FILTER (WHERE i.requested_at < :soonAt AND u.forgotten_at IS NULL) AS soon,
                count(u.forgotten_at) AS forgotten
           FROM invocations i INDEXED BY invocations_unfinished
           LEFT JOIN unfinished_commands u USING (account_id, region, command_id)
          WHERE ${isUnfinished('i.status')}
          GROUP BY i.account_id, i.region
       ), totals AS (
         SELECT account_id, region, sum(n) AS n, max(newest) AS newest FROM (
           SELECT account_id, region, count(*) AS n, max(requested_at) AS newest FROM invocations GROUP BY account_id, region
           UNION ALL SELECT account_id, region, sum(invocations), max(last_requested_at) FROM sealed_commands
            WHERE invocations > 0 GROUP BY account_id, region
         ) GROUP BY account_id, region
       )
       SELECT p.account_id AS accountId, p.region, l.alias, l.outcome AS lastOutcome, l.error AS lastError,
              l.finished_at AS lastFinishedAt, coalesce(t.n, 0) AS invocations, t.newest AS newestRequestedAt,
              coalesce(o.unfinished, 0) AS unfinished, coalesce(o.soon, 0) AS unfinishedSoonForgotten,
              coalesce(o.forgotten, 0) AS unfinishedForgotten, coalesce(m.commands, 0) AS shortCommands,
              coalesce(m.missing, 0) AS missingInvocations
         FROM places p
         LEFT JOIN last l USING (account_id, region)
         LEFT JOIN totals t USING (account_id, region)
         LEFT JOIN open o USING (account_id, region)
         LEFT JOIN (SELECT account_id, region, count(*) AS commands, sum(missing) AS missing FROM short_commands
                     GROUP BY account_id, region) m USING (account_id, region)
        ORDER BY p.account_id, p.region`,
    )
    .all({ soonAt: isoFromMs(nowMs - RETENTION_MS + FORGETTING_SOON_MS) });
  const namelessSources = sqlite
    .prepare<[], NamelessSource>(
      `SELECT alias, region, error FROM run_sources
        WHERE account_id IS NULL AND run_id = (SELECT max(id) FROM runs) ORDER BY alias, region`,
    )
    .all();
  const lake = readLake(sqlite);
  const pages = Number(sqlite.pragma('page_count', { simple: true }));
  return {
    lastRun: lastRun ?? null,
    invocations: count('invocations') + (lake?.invocations ?? 0),
    plugins: count('plugins'),
    outputs: count('outputs'),
    revisions: count('revisions'),
    lake: lake ?? null,
    fileSizeBytes: pages * Number(sqlite.pragma('page_size', { simple: true })),
    sources,
    namelessSources,
    lateLooks: readLateLooks(sqlite, nowMs),
    missingSources: listMissing(sqlite),
  };
}
