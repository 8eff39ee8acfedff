import type { Database } from 'better-sqlite3';
import { type Condition, joined } from '../db/condition.ts';
import { prepareOnce } from '../db/prepare-once.ts';
import { parseRequestIds } from '../lib/request-ids.ts';

/** What a pass, or a part of it, took and gave. */
interface Counters {
  pages: number;
  calls: number;
  throttles: number;
  faults: number;
  rowsSeen: number;
  rowsAdded: number;
  rowsChanged: number;
}

/** One source in a pass. */
export interface RunSourceView extends Counters {
  alias: string;
  region: string;
  accountId: string | null;
  outcome: string;
  error: string | null;
  clockSkewMs: number | null;
  startedAt: string;
  finishedAt: string;
}

/** One pass of the collector, with its sources that have ended. */
export interface RunView {
  id: number;
  startedAt: string;
  finishedAt: string | null;
  outcome: string;
  collector: string;
  sources: RunSourceView[];
}

/** One listing of a span of time, of a command, or of one node of it. */
export interface SweepView extends Counters {
  id: number;
  runId: number;
  accountId: string;
  region: string;
  operation: string;
  fromAt: string | null;
  toAt: string | null;
  commandId: string | null;
  instanceId: string | null;
  startedAt: string;
  finishedAt: string | null;
  outcome: string;
  error: string | null;
  /** Of the replies of its pages, in their order; null where there are none recorded. */
  requestIds: string[] | null;
}

export interface NewestFirst<Item> {
  items: Item[];
  /** The last id of the page, where there are more. */
  next: number | undefined;
}

const COUNTERS = `pages, calls, throttles, faults, rows_seen AS rowsSeen, rows_added AS rowsAdded, rows_changed AS rowsChanged`;

export interface RunsQuery {
  outcome?: string | undefined;
  limit: number;
  /** The last id of the page before. */
  before?: number | undefined;
}

/** A page of passes, the newest first. */
export function listRuns(sqlite: Database, { limit, before, outcome }: RunsQuery): NewestFirst<RunView> {
  return sqlite.transaction((): NewestFirst<RunView> => {
    const rows = prepareOnce<unknown[], Omit<RunView, 'sources'>>(
      sqlite,
      `SELECT id, started_at AS startedAt, finished_at AS finishedAt, outcome, collector FROM runs
        WHERE id < ? AND (? IS NULL OR outcome = ?) ORDER BY id DESC LIMIT ?`,
    ).all(before ?? Number.MAX_SAFE_INTEGER, outcome ?? null, outcome ?? null, limit + 1);
    const sources = prepareOnce<[number], RunSourceView>(
      sqlite,
      `SELECT alias, region, account_id AS accountId, outcome, error, clock_skew_ms AS clockSkewMs, started_at AS startedAt,
              finished_at AS finishedAt, ${COUNTERS} FROM run_sources WHERE run_id = ? ORDER BY alias, region`,
    );
    const items = rows.slice(0, limit).map((row) => ({ ...row, sources: sources.all(row.id) }));
    return { items, next: rows.length > limit ? items.at(-1)?.id : undefined };
  })();
}

export interface SweepsQuery {
  runId?: number | undefined;
  accountId?: string | undefined;
  region?: string | undefined;
  outcome?: string | undefined;
  /** Only sweeps of requested time that have a part of this span: from, inclusive, and to, exclusive. ISO times. */
  from?: string | undefined;
  to?: string | undefined;
  limit: number;
  before?: number | undefined;
}

/** A page of sweeps, the newest first. */
export function listSweeps(sqlite: Database, query: SweepsQuery): NewestFirst<SweepView> {
  const conditions: Condition[] = [];
  const add = (sql: string, value: string | number | undefined) => {
    if (value !== undefined) conditions.push({ sql, params: [value] });
  };
  add('run_id = ?', query.runId);
  add('account_id = ?', query.accountId);
  add('region = ?', query.region);
  add('outcome = ?', query.outcome);
  add('to_at > ?', query.from);
  add('from_at < ?', query.to);
  add('id < ?', query.before);
  const { sql, params } = joined(conditions);
  const rows = prepareOnce<unknown[], Omit<SweepView, 'requestIds'> & { requestIdsJson: string | null }>(
    sqlite,
    `SELECT id, run_id AS runId, account_id AS accountId, region, operation, from_at AS fromAt, to_at AS toAt,
            command_id AS commandId, instance_id AS instanceId, started_at AS startedAt, finished_at AS finishedAt, outcome,
            error, ${COUNTERS}, request_ids_json AS requestIdsJson FROM sweeps WHERE ${sql} ORDER BY id DESC LIMIT ?`,
  ).all(...params, query.limit + 1);
  const items = rows.slice(0, query.limit).map(({ requestIdsJson, ...sweep }) => ({
    ...sweep,
    requestIds: parseRequestIds(requestIdsJson) ?? null,
  }));
  return { items, next: rows.length > query.limit ? items.at(-1)?.id : undefined };
}
