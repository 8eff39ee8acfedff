import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';

/**
 * SQL on `i`, an invocation of the file, and `s`, a sealed day: whether the lake shows the invocation on that day. It may
 * have another day by now: then its first move after the day was read names the day that it left.
 */
export const IS_IN_LAKE = `(EXISTS (SELECT 1 FROM main.revisions r WHERE r.invocation_id = i.id AND r.seq <= s.tree_size)
  AND coalesce((SELECT m.from_day FROM main.day_moves m WHERE m.invocation_id = i.id AND m.seq > s.tree_size
    ORDER BY m.seq LIMIT 1), substr(i.requested_at, 1, 10)) = s.day)`;

/** SQL on `i` and `s`: whether the lake shows the invocation on that day, although it has another one now. */
const HAS_LEFT = `(coalesce(substr(i.requested_at, 1, 10), '') <> s.day AND ${IS_IN_LAKE})`;

/** SQL on `s`: the invocations `i` of the file that it has on that day, and those that have left a day. */
export const MAY_BE_IN_LAKE = `((i.requested_at >= s.day AND i.requested_at < date(s.day, '+1 day'))
  OR i.id IN (SELECT invocation_id FROM main.day_moves))`;

/** SQL on `d`, a move, `s`, a sealed day, and `i`: whether it is the move by which the invocation has left that day. */
const IS_LEFT = `s.day = d.from_day AND s.pruned_seq IS NULL AND d.seq > s.tree_size AND i.id = d.invocation_id AND ${HAS_LEFT}`;

/**
 * SQL on `i`: whether the lake shows the invocation on a day that it has left since. The row of the file counts, so it must
 * stay until that day is sealed again without it.
 */
export const IS_LEFT_BEHIND = `EXISTS (SELECT 1 FROM main.day_moves d JOIN main.sealed_days s ON ${IS_LEFT})`;

/** There are few moves, so they are read first. */
const ALL_LEFT = `main.day_moves d CROSS JOIN main.sealed_days s CROSS JOIN main.invocations i ON ${IS_LEFT}`;

/** Returns the sealed days that an invocation has left since they were sealed, the earliest first. */
export function leftDays(sqlite: Database): string[] {
  return prepareOnce<[], string>(sqlite, `SELECT DISTINCT s.day FROM ${ALL_LEFT} ORDER BY 1`).pluck().all();
}

/** Returns the days which invocations of this day (ISO date) have left, and on which readers of the lake still find them. */
export function daysLeftFor(sqlite: Database, day: string): string[] {
  return prepareOnce<[string], string>(
    sqlite,
    `SELECT DISTINCT s.day FROM ${ALL_LEFT} WHERE substr(i.requested_at, 1, 10) = ? AND s.is_unsealed = 0 ORDER BY 1`,
  )
    .pluck()
    .all(day);
}

/** Returns the ids of the invocations that the lake shows on a sealed day which they have left since. */
export function idsThatLeft(sqlite: Database, day: string): number[] {
  return prepareOnce<[string], number>(sqlite, `SELECT DISTINCT i.id FROM ${ALL_LEFT} WHERE s.day = ?`)
    .pluck()
    .all(day);
}

/** Notes the invocations that get another day in a transaction. */
export interface MoveRecorder {
  /** Days are ISO dates; null if an invocation has no time of request. */
  note(id: number | bigint, from: string | null, to: string | null): void;
  /** Writes what was noted. Call it after the new states have their leaves. */
  write(): void;
  /** Drops what was noted in a transaction that was rolled back. */
  forget(): void;
}

export function createMoveRecorder(sqlite: Database): MoveRecorder {
  const insert = sqlite.prepare(
    `INSERT INTO day_moves (invocation_id, seq, from_day)
     SELECT invocation_id, max(seq), ? FROM revisions WHERE invocation_id = ?`,
  );
  const noted = new Map<number | bigint, { from: string | null; to: string | null }>();
  return {
    note(id, from, to) {
      const first = noted.get(id)?.from;
      noted.set(id, { from: first === undefined ? from : first, to });
    },
    write() {
      for (const [id, { from, to }] of noted) if (from !== to) insert.run(from ?? '', id);
      noted.clear();
    },
    forget: () => noted.clear(),
  };
}
