import type { Logger } from '../../lib/logger.ts';
import { MINUTE_MS, type Now, SECOND_MS } from '../../lib/time.ts';
import type { RefusedAttempt } from '../caller.ts';
import type { AccessDb } from './open-access-db.ts';
import { recordRequest } from './record-request.ts';

/** A refused attempt. It contains no text that the client sent: its method and route come from the server's list. */
export interface Refusal extends RefusedAttempt {
  /** Where the attempt came from: an address, or a network that belongs to one client. */
  block: string;
  method: string;
  route: string;
  status: number;
}

export interface Refusals {
  /**
   * Counts an attempt. Never throws, and does not wait until the row is written, because a refusal reveals nothing
   * about the archive.
   */
  count(refusal: Refusal): void;
  /** Writes the counts that are not written yet. */
  write(): void;
}

/**
 * The attempts from one block of addresses (and with one ended token) in one minute: a row that the access log has or
 * will have.
 */
interface Row extends Refusal {
  /** The row's id; null until the row is written. */
  id: number | null;
  at: string;
  lastAt: string;
  routes: Set<string>;
  attempts: number;
  /** How many attempts the row on the disk counts. */
  written: number;
}

/** How many rows may begin in a minute and in a UTC day. All further attempts share one row a minute. */
const MOST_A_MINUTE = 20;
const MOST_A_DAY = 2000;
const MOST_ROUTES = 5;
const OTHERS = 'other addresses';
/** How long counts may exist only in memory. */
const WRITTEN_AFTER_MS = 10 * SECOND_MS;
const MINUTE_CHARACTERS = '2026-03-01T09:30'.length;

/**
 * Counts refused attempts in one row of the access log per minute and block of addresses, so that strangers can neither
 * fill the disk nor choose what is written. A row is written at its first attempt, so that no crash can hide it. The
 * row is `open` during its minute, and further attempts are added to it within seconds.
 */
export function createRefusals({ accessDb, now, log }: { accessDb: AccessDb; now: Now; log: Logger }): Refusals {
  let minute = '';
  let rows = new Map<string, Row>();
  let fullDay = '';
  let timer: NodeJS.Timeout | undefined;
  /** Whether the last write failed. Each further write could block the server while it waits for a lock. */
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

  /** Ends the rows of the previous minute once another has begun. */
  function beginMinute(at: string): void {
    const next = at.slice(0, MINUTE_CHARACTERS);
    if (next === minute) return;
    save('complete');
    const lost = [...rows.values()].filter(({ attempts, written }) => attempts > written);
    minute = next;
    rows = new Map();
    // Counts that can't be written now are added up in one row. Otherwise memory would grow while the disk is full.
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

  /** Logs at most once a minute: strangers must not be able to fill the server's log. */
  function complain(error: unknown): void {
    const nowMs = now().getTime();
    if (nowMs - complainedMs < MINUTE_MS) return;
    complainedMs = nowMs;
    log.error(
      { err: error },
      'The access log cannot be written. Until it can be written, refused attempts are counted in memory.',
    );
  }

  accessDb.beforeClose(() => {
    clearTimeout(timer);
    save('complete');
  });
  return { count, write };
}

/** Returns how many rows of attempts began on a day. */
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
    ...{ method: row.method, path, query: '', sql: null, params: null, engine: null, status: row.status, outcome },
    ...{ rows: null, bytes: null, elapsedMs: 0, userAgent: null, attempts, lastAt },
  });
}

function namedRoutes(routes: ReadonlySet<string>): string {
  const named = [...routes].slice(0, MOST_ROUTES).join(', ');
  return routes.size > MOST_ROUTES ? `${named}, …` : named;
}
