import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { isoFromMs } from '../../lib/time.ts';
import type { SourceKey } from '../../model/observed-invocation.ts';
import { countFinal } from './final-invocations.ts';
import { readLookState } from './look-state.ts';
import { LOOK_FROM_MS, LOOK_UNTIL_MS } from './look-window.ts';
import { countOwed } from './owed-looks.ts';

/** Up to when the final invocations of an account and region have had their late look, and how many still lack it. */
export interface LateLooks extends SourceKey {
  /**
   * All final invocations requested before this time were looked at, except those that are owed a look or were left
   * out.
   */
  lookedTo: string;
  /** How many are more than a day old and were not looked at yet. */
  due: number;
  /**
   * How many were never looked at, because they reached their 29th day first, or because the service no longer showed
   * them.
   */
  leftOut: number;
}

/**
 * Each account and region that has late looks, sorted. Empty for an archive that an earlier version without late looks
 * made: it can be read without being migrated.
 */
export function listLookPlaces(sqlite: Database): SourceKey[] {
  const table = prepareOnce<[], number>(sqlite, "SELECT 1 FROM sqlite_schema WHERE name = 'late_looks'").pluck();
  if (table.get() === undefined) return [];
  return prepareOnce<[], SourceKey>(
    sqlite,
    'SELECT account_id AS accountId, region FROM late_looks ORDER BY account_id, region',
  ).all();
}

/**
 * Counts the due invocations row by row, so it is meant for a person, not for a program that asks every few seconds.
 */
export function readLateLooks(sqlite: Database, nowMs: number): LateLooks[] {
  return listLookPlaces(sqlite).flatMap((place) => {
    const state = readLookState(sqlite, place);
    if (!state) return [];
    const edge = nowMs - LOOK_UNTIL_MS;
    const from = Math.max(state.lookedToMs, edge);
    const waiting = countFinal(sqlite, place, { from, to: Math.max(from, nowMs - LOOK_FROM_MS) });
    // Invocations that have reached their 29th day since the last pass are left out too, although no pass has counted
    // them yet.
    const late = state.lookedToMs < edge ? countFinal(sqlite, place, { from: state.lookedToMs, to: edge }) : 0;
    const due = waiting + countOwed(sqlite, place);
    return [{ ...place, lookedTo: isoFromMs(state.lookedToMs), due, leftOut: state.leftOut + late }];
  });
}
