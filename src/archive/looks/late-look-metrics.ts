import type { Database } from 'better-sqlite3';
import type { Metric } from '../shared/metric.ts';
import { type LookState, readLookState } from './look-state.ts';
import { countOwed } from './owed-looks.ts';
import { listLookPlaces } from './read-late-looks.ts';

/** The figures that the last pass stored about its late looks. Reading them counts no invocations. */
export function lateLookMetrics(sqlite: Database): Metric[] {
  const places = listLookPlaces(sqlite).flatMap((place) => {
    const state = readLookState(sqlite, place);
    return state ? [{ place, state }] : [];
  });
  const of = (
    name: string,
    help: string,
    value: (state: LookState, place: (typeof places)[number]['place']) => number,
  ): Metric => ({
    ...{ name: `ssm_archive_${name}`, help },
    samples: places.map(({ place, state }) => ({
      labels: { account: place.accountId, region: place.region },
      value: value(state, place),
    })),
  });
  return [
    of(
      'late_looks_left_out',
      'Final invocations that never got a late look, because they reached their 29th day first, or because the service no longer showed them.',
      ({ leftOut }) => leftOut,
    ),
    of(
      'late_looks_owed',
      'Final invocations that came or ended after the late look at their time span, and that still need a look of their own.',
      (_, place) => countOwed(sqlite, place),
    ),
    of(
      'late_looks_timestamp_seconds',
      'All final invocations requested before this time have had their late look, except those that still need one or were left out.',
      ({ lookedToMs }) => lookedToMs / 1000,
    ),
  ];
}
