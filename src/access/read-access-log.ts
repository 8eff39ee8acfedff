import type { AccessDb } from './open-access-db.ts';
import type { RequestRecord } from './record-request.ts';

/** Where a page of the log ended. */
export interface AccessLogPosition {
  at: string;
  id: number;
}

export interface AccessLogQuery {
  caller?: string | undefined;
  /** ISO 8601, inclusive. */
  from?: string | undefined;
  /** ISO 8601, exclusive. */
  to?: string | undefined;
  /** Text that the path contains, case and all. */
  pathContains?: string | undefined;
  status?: number | undefined;
  limit: number;
  after?: AccessLogPosition | undefined;
}

export interface AccessLogPage {
  items: (RequestRecord & { id: number })[];
  /** Where the next page begins; undefined at the log's end. A page may be short, or empty, and yet have a next one. */
  next: AccessLogPosition | undefined;
}

interface Key extends AccessLogPosition {
  isAsked: 0 | 1;
}

// The log has an index for callers and times alone. What else is asked for is looked for in so many rows at a time, so
// that no page holds up the server for long.
const MOST_EXAMINED = 10_000;

/** A page of the access log, the newest question first. */
export function readAccessLog(accessDb: AccessDb, query: AccessLogQuery, mostExamined = MOST_EXAMINED): AccessLogPage {
  const { caller, from, to, pathContains, status, limit, after } = query;
  const bounds: [sql: string, params: (string | number)[]][] = [];
  if (caller !== undefined) bounds.push(['caller = ?', [caller]]);
  if (from !== undefined) bounds.push(['at >= ?', [from]]);
  if (to !== undefined) bounds.push(['at < ?', [to]]);
  if (after !== undefined) bounds.push(['(at, id) < (?, ?)', [after.at, after.id]]);
  const where = bounds.length > 0 ? `WHERE ${bounds.map(([sql]) => sql).join(' AND ')}` : '';
  const keys = accessDb.prepare<unknown[], Key>(
    `SELECT id, at, status = ifnull(?, status) AND instr(path, ifnull(?, '')) > 0 AS isAsked
       FROM requests ${where} ORDER BY at DESC, id DESC`,
  );
  const found: number[] = [];
  let examined = 0;
  let last: Key | undefined;
  let hasMore = false;
  for (const key of keys.iterate(status ?? null, pathContains ?? null, ...bounds.flatMap(([, params]) => params))) {
    if (found.length === limit || examined === mostExamined) {
      hasMore = true;
      break;
    }
    examined++;
    last = key;
    if (key.isAsked === 1) found.push(key.id);
  }
  const whole = accessDb.prepare<[number], RequestRecord & { id: number }>(
    `SELECT id, at, request_id AS requestId, caller, token_id AS tokenId, role, remote_address AS remoteAddress, method,
            path, query, sql, params, status, outcome, rows, bytes, elapsed_ms AS elapsedMs, user_agent AS userAgent,
            attempts, last_at AS lastAt
       FROM requests WHERE id = ?`,
  );
  return {
    items: found.flatMap((id) => whole.get(id) ?? []),
    next: hasMore && last ? { at: last.at, id: last.id } : undefined,
  };
}
