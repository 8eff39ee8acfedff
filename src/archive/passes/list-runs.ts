import type { Database } from 'better-sqlite3';
import type { Condition } from '../../db/condition.ts';
import { prepareOnce } from '../../db/prepare-once.ts';
import { type KeysetStream, readKeyset } from '../../db/read-keyset.ts';
import { COUNTERS_BY_NAME } from '../../db/sql/counters-sql.ts';
import type { Tally } from '../../model/coverage/counters.ts';
import { parseRequestIds } from '../../model/coverage/request-ids.ts';

/** One source in a pass. */
export interface RunSourceView extends Tally {
  alias: string;
  region: string;
  accountId: string | null;
  outcome: string;
  error: string | null;
  clockSkewMs: number | null;
  startedAt: string;
  finishedAt: string;
}

/** One pass of the collector, with those of its sources that are finished. */
export interface RunView {
  id: number;
  startedAt: string;
  finishedAt: string | null;
  outcome: string;
  collector: string;
  sources: RunSourceView[];
}

/** One listing: of a span of time, of a command, or of one node of a command. */
export interface SweepView extends Tally {
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
  /** The request ids of the listing's replies, in order; null if none are recorded. */
  requestIds: string[] | null;
}

export interface NewestFirst<Item> {
  items: Item[];
  /** The last id of the page; present if there are more rows after it. */
  next: number | undefined;
}

const SWEEP_COLUMNS = `id, run_id AS runId, account_id AS accountId, region, operation, from_at AS fromAt, to_at AS toAt,
  command_id AS commandId, instance_id AS instanceId, started_at AS startedAt, finished_at AS finishedAt, outcome,
  error, ${COUNTERS_BY_NAME}, request_ids_json AS requestIdsJson`;

export interface RunsQuery {
  outcome?: string | undefined;
  limit: number;
  /** The last id of the previous page. */
  before?: number | undefined;
}

/** A page of passes, the newest first. */
export function listRuns(sqlite: Database, { limit, before, outcome }: RunsQuery): NewestFirst<RunView> {
  return sqlite.transaction((): NewestFirst<RunView> => {
    const select = 'id, started_at AS startedAt, finished_at AS finishedAt, outcome, collector';
    const conditions: Condition[] = outcome === undefined ? [] : [{ sql: 'outcome = ?', params: [outcome] }];
    const { items, next } = readNewestFirst<Omit<RunView, 'sources'>>(sqlite, {
      ...{ stream: { select, from: 'runs', conditions }, limit, before },
    });
    const sources = prepareOnce<[number], RunSourceView>(
      sqlite,
      `SELECT alias, region, account_id AS accountId, outcome, error, clock_skew_ms AS clockSkewMs, started_at AS startedAt,
              finished_at AS finishedAt, ${COUNTERS_BY_NAME} FROM run_sources WHERE run_id = ? ORDER BY alias, region`,
    );
    return { items: items.map((row) => ({ ...row, sources: sources.all(row.id) })), next };
  })();
}

export interface SweepsQuery {
  runId?: number | undefined;
  accountId?: string | undefined;
  region?: string | undefined;
  outcome?: string | undefined;
  /** Only sweeps of requested time that overlap this span: from inclusive, to exclusive. ISO times. */
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
  const { items, next } = readNewestFirst<Omit<SweepView, 'requestIds'> & { requestIdsJson: string | null }>(sqlite, {
    ...{ stream: { select: SWEEP_COLUMNS, from: 'sweeps', conditions }, limit: query.limit, before: query.before },
  });
  const sweeps = items.map(({ requestIdsJson, ...sweep }) => ({
    ...sweep,
    requestIds: parseRequestIds(requestIdsJson) ?? null,
  }));
  return { items: sweeps, next };
}

/** A page of a table in the order of its ids, highest first. A cursor has only the id. */
function readNewestFirst<Row extends { id: number }>(
  sqlite: Database,
  { stream, limit, before }: { stream: KeysetStream; limit: number; before: number | undefined },
): NewestFirst<Row> {
  const { rows, next } = readKeyset<Row, readonly [id: number]>(sqlite, {
    ...{ order: [{ sql: 'id', isDescending: true }], streams: [stream], limit },
    after: before === undefined ? undefined : [before],
    positionOf: ({ id }) => [id],
  });
  return { items: rows, next: next?.[0] };
}
