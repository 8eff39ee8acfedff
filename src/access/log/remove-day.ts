import { DAY_MS, type Now, sleep } from '../../lib/time.ts';
import type { AccessDb } from './open-access-db.ts';
import { recordRequest } from './record-request.ts';

/** Why a day of the access log is removed: it is too old, or the log is full. */
export type RemovalReason = 'age' | 'size';

/** A removed day: how many rows it had, and the times of its first and last row. */
export interface Removal {
  day: string;
  reason: RemovalReason;
  rows: number;
  firstAt: string | null;
  lastAt: string | null;
}

export interface RemoveDayDeps {
  accessDb: AccessDb;
  now: Now;
  signal?: AbortSignal | undefined;
  /** Runs `work` in one transaction. There is room for the transaction even if the file is full. */
  write: AccessDb['write'];
}

/** How many rows one transaction of a few milliseconds removes. Answers get their turn between two transactions. */
const ROWS_AT_ONCE = 200;
const PAUSE_MS = 20;

/** The method and the path of the log's own row about a removed day. No request has this method or this path. */
const REMOVAL_METHOD = 'REMOVE';
const REMOVAL_PATH = 'access.db';

/** Returns the oldest day in the log; undefined for an empty log. */
export function oldestDay(accessDb: AccessDb): string | undefined {
  return accessDb.prepare<[], { at: string }>('SELECT at FROM requests ORDER BY at, id LIMIT 1').get()?.at.slice(0, 10);
}

/**
 * Removes the oldest day of the log completely, in small parts. From the first part on, a row of the table removals
 * records the removal; once the day is gone, a row of the log does so too. If the process ends in between, the next
 * call continues with that day, and keeps the reason of the first call.
 */
export async function removeOldestDay(
  { accessDb, now, signal, write }: RemoveDayDeps,
  reason: RemovalReason,
): Promise<Removal | undefined> {
  const begunAt = now();
  while (!signal?.aborted) {
    const removal = write(() => {
      const day = oldestDay(accessDb);
      const begun = unfinishedRemoval(accessDb);
      // An older day than the one whose removal has begun comes from a clock that was set back. That day is removed
      // later.
      if (begun && begun.day !== day) return endRemoval(accessDb, begun, begunAt, now());
      if (day === undefined) return null;
      if (!begun) beginRemoval(accessDb, day, reason, begunAt.toISOString());
      removePart(accessDb, day);
      return undefined;
    });
    if (removal !== undefined) return removal ?? undefined;
    await sleep(PAUSE_MS, signal);
  }
  return undefined;
}

/** Returns the removal that was begun and not finished, because its process ended; undefined if there is none. */
export function unfinishedRemoval(accessDb: AccessDb): Removal | undefined {
  return accessDb
    .prepare<[], Removal>(
      `SELECT day, reason, rows, first_at AS firstAt, last_at AS lastAt
         FROM removals WHERE id = (SELECT max(id) FROM removals) AND ended_at IS NULL`,
    )
    .get();
}

function beginRemoval(accessDb: AccessDb, day: string, reason: RemovalReason, at: string): void {
  accessDb
    .prepare<[string, string, string], never>('INSERT INTO removals (day, reason, begun_at) VALUES (?, ?, ?)')
    .run(day, reason, at);
}

/**
 * Removes the next rows of the oldest day, one by one: a trigger in the file refuses to delete any row but the oldest.
 */
function removePart(accessDb: AccessDb, day: string): void {
  const nextDay = new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, 10);
  const ids = accessDb
    .prepare<[string, number], { id: number }>('SELECT id FROM requests WHERE at < ? ORDER BY at, id LIMIT ?')
    .all(nextDay, ROWS_AT_ONCE);
  const remove = accessDb.prepare<[number], never>('DELETE FROM requests WHERE id = ?');
  for (const { id } of ids) remove.run(id);
}

function endRemoval(accessDb: AccessDb, removal: Removal, begunAt: Date, endedAt: Date): Removal {
  accessDb
    .prepare<[string], never>('UPDATE removals SET ended_at = ? WHERE id = (SELECT max(id) FROM removals)')
    .run(endedAt.toISOString());
  recordRequest(accessDb, {
    ...{ at: endedAt.toISOString(), requestId: null, caller: null, tokenId: null, role: null, remoteAddress: '' },
    ...{
      method: REMOVAL_METHOD,
      path: REMOVAL_PATH,
      query: `day=${removal.day}&reason=${removal.reason}`,
      sql: null,
      engine: null,
    },
    ...{ params: JSON.stringify(removal), status: 0, outcome: 'complete', rows: removal.rows, bytes: null },
    ...{ elapsedMs: endedAt.getTime() - begunAt.getTime(), userAgent: null, attempts: null, lastAt: null },
  });
  return removal;
}
