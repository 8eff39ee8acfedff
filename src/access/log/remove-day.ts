import { DAY_MS, type Now, sleep } from '../../lib/time.ts';
import type { AccessDb } from './open-access-db.ts';
import { recordRequest } from './record-request.ts';

/** Why a day of the access log is let go: it is older than is kept, or the log is as large as it may be. */
export type RemovalReason = 'age' | 'size';

/** A day that was let go: how many rows it had, and when the first and the last of them were asked. */
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
  /** Runs work as one transaction, with room for it even where the file is as large as it may be. */
  write: AccessDb['write'];
}

/** So many rows go in one transaction of a few milliseconds, and answers have their turn between two of them. */
const ROWS_AT_ONCE = 200;
const PAUSE_MS = 20;

/** The method and the path of the log's own row on a day that was let go. No request has either. */
const REMOVAL_METHOD = 'REMOVE';
const REMOVAL_PATH = 'access.db';

/** The oldest day that the log has; undefined for an empty one. */
export function oldestDay(accessDb: AccessDb): string | undefined {
  return accessDb.prepare<[], { at: string }>('SELECT at FROM requests ORDER BY at, id LIMIT 1').get()?.at.slice(0, 10);
}

/**
 * Lets the oldest day of the log go, all of it, in small parts. `removals` says so from the first part on, and a row of the log when the
 * day is gone. If we end in between, the next call goes on with that day, whatever its reason would have been.
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
      // An older day than that one comes of a clock that was set back: it has a turn of its own.
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

/** The removal that has begun and not ended: of a process that ended in between. */
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

/** Removes the next rows of the oldest day. One by one: SQLite lets only the first of them go. */
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
    ...{ method: REMOVAL_METHOD, path: REMOVAL_PATH, query: `day=${removal.day}&reason=${removal.reason}`, sql: null },
    ...{ params: JSON.stringify(removal), status: 0, outcome: 'complete', rows: removal.rows, bytes: null },
    ...{ elapsedMs: endedAt.getTime() - begunAt.getTime(), userAgent: null, attempts: null, lastAt: null },
  });
  return removal;
}
