import { type KeyOrder, type KeyPhase, orderBySql, phasesBeyond } from '../../lib/keyset.ts';
import type { AccessDb } from './open-access-db.ts';
import type { RequestRecord } from './record-request.ts';

/** The place where a page of the log ended. */
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
  /** Text that the path contains; case-sensitive. */
  pathContains?: string | undefined;
  status?: number | undefined;
  limit: number;
  after?: AccessLogPosition | undefined;
}

export interface AccessLogPage {
  items: (RequestRecord & { id: number })[];
  /**
   * The beginning of the next page; undefined at the end of the log. Even a short or empty page may have a next one.
   */
  next: AccessLogPosition | undefined;
}

interface Key extends AccessLogPosition {
  isAsked: 0 | 1;
}

// The log only has indexes for callers and times. Other conditions are checked in this many rows at a time, so that no
// page blocks the server for long.
const MOST_EXAMINED = 10_000;

const ORDER: KeyOrder = [
  { sql: 'at', isDescending: true },
  { sql: 'id', isDescending: true },
];

/** Returns a page of the access log, the newest request first. */
export function readAccessLog(accessDb: AccessDb, query: AccessLogQuery, mostExamined = MOST_EXAMINED): AccessLogPage {
  const { limit } = query;
  const found: number[] = [];
  let examined = 0;
  let last: Key | undefined;
  let hasMore = false;
  for (const key of keysOf(accessDb, query)) {
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
            path, query, sql, params, engine, status, outcome, rows, bytes, elapsed_ms AS elapsedMs, user_agent AS userAgent,
            attempts, last_at AS lastAt
       FROM requests WHERE id = ?`,
  );
  return {
    items: found.flatMap((id) => whole.get(id) ?? []),
    next: hasMore && last ? { at: last.at, id: last.id } : undefined,
  };
}

/**
 * Yields the keys of all rows after the place, in order. A row is read only when the caller takes it, and the caller
 * stops after some rows. That is why this does not use readKeyset, which reads until a page is full. Both have the same
 * conditions, from src/lib/keyset.ts.
 */
function* keysOf(
  accessDb: AccessDb,
  { caller, from, to, pathContains, status, after }: AccessLogQuery,
): Generator<Key, void> {
  const bounds: KeyPhase[] = [];
  if (caller !== undefined) bounds.push({ sql: 'caller = ?', params: [caller] });
  if (from !== undefined) bounds.push({ sql: 'at >= ?', params: [from] });
  if (to !== undefined) bounds.push({ sql: 'at < ?', params: [to] });
  const phases = after ? phasesBeyond(ORDER, [after.at, after.id]).map((phase) => [phase]) : [[]];
  for (const phase of phases) {
    const conditions = [...bounds, ...phase];
    const where = conditions.length > 0 ? `WHERE ${conditions.map(({ sql }) => sql).join(' AND ')}` : '';
    yield* accessDb
      .prepare<unknown[], Key>(
        `SELECT id, at, status = ifnull(?, status) AND instr(path, ifnull(?, '')) > 0 AS isAsked
           FROM requests ${where} ORDER BY ${orderBySql(ORDER)}`,
      )
      .iterate(status ?? null, pathContains ?? null, ...conditions.flatMap(({ params }) => params));
  }
}
