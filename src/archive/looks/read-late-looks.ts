import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { isoFromMs } from '../../lib/time.ts';
import type { SourceKey } from '../../model/observed-invocation.ts';
import { countFinal } from './final-invocations.ts';
import { readLookState } from './look-state.ts';
import { LOOK_FROM_MS, LOOK_UNTIL_MS } from './look-window.ts';
import { countOwed } from './owed-looks.ts';

/** How the final invocations of an account and region stand that are to be looked at once more. */
export interface LateLooks extends SourceKey {
  /** All final ones requested before were looked at, but for those that are owed a look and those left out. */
  lookedTo: string;
  /** From their first day on and not looked at yet. */
  due: number;
  /** Never looked at: they reached their 29th day before, or the service showed them no more. */
  leftOut: number;
}

/** Each account and region that has looks, in order; none in an archive of before there were any, which may be read as it is. */
export function listLookPlaces(sqlite: Database): SourceKey[] {
  const table = prepareOnce<[], number>(sqlite, "SELECT 1 FROM sqlite_schema WHERE name = 'late_looks'").pluck();
  if (table.get() === undefined) return [];
  return prepareOnce<[], SourceKey>(
    sqlite,
    'SELECT account_id AS accountId, region FROM late_looks ORDER BY account_id, region',
  ).all();
}

/** Counts what is due row by row: for a person who asks. */
export function readLateLooks(sqlite: Database, nowMs: number): LateLooks[] {
  return listLookPlaces(sqlite).flatMap((place) => {
    const state = readLookState(sqlite, place);
    if (!state) return [];
    const edge = nowMs - LOOK_UNTIL_MS;
    const from = Math.max(state.lookedToMs, edge);
    const waiting = countFinal(sqlite, place, { from, to: Math.max(from, nowMs - LOOK_FROM_MS) });
    // What has reached its 29th day since the last pass is left out, though no pass has counted it yet.
    const late = state.lookedToMs < edge ? countFinal(sqlite, place, { from: state.lookedToMs, to: edge }) : 0;
    const due = waiting + countOwed(sqlite, place);
    return [{ ...place, lookedTo: isoFromMs(state.lookedToMs), due, leftOut: state.leftOut + late }];
  });
}
