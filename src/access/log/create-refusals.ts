import type { Logger } from '../../lib/logger.ts';
import { MINUTE_MS, type Now, SECOND_MS } from '../../lib/time.ts';
import type { RefusedAttempt } from '../caller.ts';
import type { AccessDb } from './open-access-db.ts';
import { recordRequest } from './record-request.ts';

/** An attempt that was refused. None of it is the client's own word: its method and route are of the server's list. */
export interface Refusal extends RefusedAttempt {
  /** Where from: an address, or a network that one client has whole. */
  block: string;
  method: string;
  route: string;
  status: number;
}

export interface Refusals {
  /** Counts it, and never throws: a refusal tells nothing of the archive, and need not wait for its row. */
  count(refusal: Refusal): void;
  /** Writes what was counted and is not written yet. */
  write(): void;
}

/** A minute of one block (and one ended token), as the access log has or will have it. */
interface Row extends Refusal {
  /** Null until the row could be written. */
  id: number | null;
  at: string;
  lastAt: string;
  routes: Set<string>;
  attempts: number;
  /** How many of them the row has on the disk. */
  written: number;
}

/** What rows a minute and a day (of UTC) may begin. All further attempts share one row a minute. */
const MOST_A_MINUTE = 20;
const MOST_A_DAY = 2000;
const MOST_ROUTES = 5;
const OTHERS = 'other addresses';
/** How long what was counted may be in memory alone. */
const WRITTEN_AFTER_MS = 10 * SECOND_MS;
const MINUTE_CHARACTERS = '2026-03-01T09:30'.length;

/**
 * Counts refused attempts into one row of the access log for each minute and block of addresses, so that strangers can neither fill
 * the disk nor choose what stands on it. A row is written at its first attempt, which no crash hides then, is `open` while its
 * minute lasts, and has the others within seconds.
 */
export function createRefusals({ accessDb, now, log }: { accessDb: AccessDb; now: Now; log: Logger }): Refusals {
  let minute = '';
  let rows = new Map<string, Row>();
  let fullDay = '';
  let timer: NodeJS.Timeout | undefined;
  /** Whether the last writing failed: each would hold the server up for as long as a lock is waited for. */
  let hasFailed = false;
  let complainedMs = Number.NEGATIVE_INFINITY;

  function count(refusal: Refusal): void {
    const at = now().toISOString();
    beginMinute(at);
    const own = `${refusal.block} ${refusal.tokenId ?? ''}`;
    const key = rows.has(own) || hasRoom(at) ? own : OTHERS;
    const row = rows.get(key) ?? begin(key, refusal, at);
    row.attempts++;
    row.lastAt = at;
    if (row.routes.size <= MOST_ROUTES) row.routes.add(refusal.route);
    if (row.attempts === 1 && !hasFailed) write();
    timer ??= setTimeout(tick, WRITTEN_AFTER_MS).unref();
  }

  function begin(key: string, refusal: Refusal, at: string): Row {
    const isShared = key === OTHERS;
    const whose = isShared ? { block: OTHERS, name: null, tokenId: null } : {};
    const row = { ...refusal, ...whose, id: null, at, lastAt: at, routes: new Set<string>(), attempts: 0, written: 0 };
    rows.set(key, row);
    return row;
  }

  function hasRoom(at: string): boolean {
    const day = at.slice(0, 10);
    if (rows.size >= MOST_A_MINUTE || day === fullDay) return false;
    try {
      if (countRows(accessDb, day) < MOST_A_DAY) return true;
      fullDay = day;
    } catch (error) {
      complain(error);
    }
    return false;
  }

  function tick(): void {
    beginMinute(now().toISOString());
    write();
    timer = rows.size > 0 ? setTimeout(tick, WRITTEN_AFTER_MS).unref() : undefined;
  }

  /** Ends the rows of another minute than the one at hand. */
  function beginMinute(at: string): void {
    const next = at.slice(0, MINUTE_CHARACTERS);
    if (next === minute) return;
    save('complete');
    const lost = [...rows.values()].filter(({ attempts, written }) => attempts > written);
    minute = next;
    rows = new Map();
    // What can't be written now goes on in one row, or memory would grow for as long as the disk is full.
    const [first] = lost;
    if (!first) return;
    const carried = begin(OTHERS, first, first.at);
    carried.lastAt =
      lost
        .map(({ lastAt }) => lastAt)
        .sort()
        .at(-1) ?? first.lastAt;
    for (const row of lost) {
      carried.attempts += row.attempts - row.written;
      for (const route of row.routes) carried.routes.add(route);
    }
  }

  function write(): void {
    save('open');
  }

  function save(outcome: 'open' | 'complete'): void {
    const unsaved = [...rows.values()].filter(
      ({ attempts, written }) => attempts > written || (outcome === 'complete' && attempts > 0),
    );
    if (unsaved.length === 0) return;
    try {
      const ids = accessDb.write(() => unsaved.map((row) => saveRow(accessDb, row, outcome)));
      unsaved.forEach((row, i) => {
        row.id = ids[i] ?? null;
        row.written = row.attempts;
      });
      hasFailed = false;
    } catch (error) {
      hasFailed = true;
      complain(error);
    }
  }

  /** Once a minute at most: strangers must not fill the server's log either. */
  function complain(error: unknown): void {
    const nowMs = now().getTime();
    if (nowMs - complainedMs < MINUTE_MS) return;
    complainedMs = nowMs;
    log.error(
      { err: error },
      'The access log can not be written: refused attempts are counted in memory until it can.',
    );
  }

  accessDb.beforeClose(() => {
    clearTimeout(timer);
    save('complete');
  });
  return { count, write };
}

/** How many rows of attempts that day has begun. */
function countRows(accessDb: AccessDb, day: string): number {
  const begun = accessDb
    .prepare<[string], { n: number }>('SELECT count(*) AS n FROM requests WHERE attempts IS NOT NULL AND at >= ?')
    .get(day);
  return begun?.n ?? 0;
}

function saveRow(accessDb: AccessDb, row: Row, outcome: 'open' | 'complete'): number {
  const { id, attempts, lastAt } = row;
  const path = namedRoutes(row.routes);
  if (id !== null) {
    accessDb
      .prepare<unknown[], never>('UPDATE requests SET outcome = ?, path = ?, attempts = ?, last_at = ? WHERE id = ?')
      .run(outcome, path, attempts, lastAt, id);
    return id;
  }
  return recordRequest(accessDb, {
    ...{ at: row.at, requestId: null, caller: row.name, tokenId: row.tokenId, role: null, remoteAddress: row.block },
    ...{ method: row.method, path, query: '', sql: null, params: null, status: row.status, outcome },
    ...{ rows: null, bytes: null, elapsedMs: 0, userAgent: null, attempts, lastAt },
  });
}

function namedRoutes(routes: ReadonlySet<string>): string {
  const named = [...routes].slice(0, MOST_ROUTES).join(', ');
  return routes.size > MOST_ROUTES ? `${named}, …` : named;
}
