import { markCovered } from '../../src/archive/record/mark-covered.ts';
import { beginRun, finishRun, recordRunSource, type SourceResult } from '../../src/archive/record/record-run.ts';
import { beginSweep, finishSweep, type SweepTarget } from '../../src/archive/record/record-sweep.ts';
import type { ArchiveDb } from '../../src/db/open.ts';
import { DAY_MS, HOUR_MS, isoFromMs } from '../../src/lib/time.ts';
import { emptyTally } from '../../src/model/coverage/counters.ts';
import { SOURCE } from './raw-invocation.ts';

export const NOW_MS = Date.parse('2026-03-31T12:00:00.000Z');

export interface Pass {
  startedMs: number;
  /** Spans that were listed to their end, in days before NOW_MS. */
  covers?: [fromDaysAgo: number, toDaysAgo: number][];
  /** Spans whose listing failed, each with its error. */
  failures?: { target: SweepTarget; error: string }[];
  result?: Partial<SourceResult>;
}

/** Records one pass over one source with the archive's own functions, as the collector does, and returns its id. */
export function recordPass(db: ArchiveDb, { startedMs, covers = [], failures = [], result = {} }: Pass): number {
  const startedAt = isoFromMs(startedMs);
  const finishedAt = isoFromMs(startedMs + HOUR_MS);
  const runId = beginRun(db.sqlite, { startedAt, collector: 'here:1' });
  for (const [from, to] of covers) {
    markCovered(db.sqlite, SOURCE, { from: NOW_MS - from * DAY_MS, to: NOW_MS - to * DAY_MS });
  }
  for (const { target, error } of failures) {
    const id = beginSweep(db.sqlite, { runId, source: SOURCE, target, startedAt });
    finishSweep(db.sqlite, id, { outcome: 'failed', error, finishedAt, tally: emptyTally() });
  }
  recordRunSource(db.sqlite, runId, {
    ...emptyTally(),
    ...SOURCE,
    alias: 'default',
    outcome: 'complete',
    error: null,
    clockSkewMs: 0,
    startedAt,
    finishedAt,
    ...result,
  });
  finishRun(db.sqlite, runId, { finishedAt, outcome: result.outcome ?? 'complete' });
  return runId;
}

/** A span of request times between these days before NOW_MS, as the target of a sweep. */
export function target(fromDaysAgo: number, toDaysAgo: number): SweepTarget {
  return {
    operation: 'ListCommandInvocations',
    fromMs: NOW_MS - fromDaysAgo * DAY_MS,
    toMs: NOW_MS - toDaysAgo * DAY_MS,
  };
}

/** The time that is this many days before NOW_MS, as the archive writes times. */
export function daysAgo(days: number): string {
  return isoFromMs(NOW_MS - days * DAY_MS);
}
