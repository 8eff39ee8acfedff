import type { Database } from 'better-sqlite3';
import { readFloor } from './read-floor.ts';

/**
 * Which rows an answer is made of, as far as that matters here: none that sealing removes from the file, or only those
 * that were requested since a time. Without `from` it may be any.
 */
export type NeededRows = 'none' | { from?: string | undefined };

/**
 * The first day (UTC) from which an answer is whole that was made of the rows of the file alone: those of earlier days
 * may be in the lake alone. Undefined if nothing can be missing, because no day is sealed, or nothing that was requested
 * before the floor was asked for: `from` is the beginning of the asked span, as an ISO time. Call it after the answer
 * was read, or after its transaction began: a day that is sealed in between would not be told otherwise.
 */
export function wholeFrom(sqlite: Database, from?: string): string | undefined {
  const floor = readFloor(sqlite);
  return floor === undefined || (from !== undefined && from >= `${floor}T00:00:00.000Z`) ? undefined : floor;
}

/** The same for an answer of which it is known what it is made of. */
export function wholeFromNeeded(sqlite: Database, needs: NeededRows = {}): string | undefined {
  return needs === 'none' ? undefined : wholeFrom(sqlite, needs.from);
}
