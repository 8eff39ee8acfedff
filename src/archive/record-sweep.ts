import { eq } from 'drizzle-orm';
import type { ArchiveDb } from '../db/open.ts';
import { sweeps } from '../db/schema.ts';
import type { SourceKey } from '../lib/observed-invocation.ts';
import type { Span } from '../lib/spans.ts';
import { isoFromMs } from '../lib/time.ts';
import { markCovered } from './mark-covered.ts';
import type { Outcome, Tally } from './record-run.ts';

/** What a sweep lists: a span of requested time (an absent end is open), or one command, or one node of it. */
export interface SweepTarget {
  operation: 'ListCommandInvocations' | 'ListCommands';
  fromMs?: number | undefined;
  toMs?: number | undefined;
  commandId?: string | undefined;
  instanceId?: string | undefined;
}

/** Opens a sweep and returns its id. */
export function beginSweep(
  { orm }: ArchiveDb,
  sweep: { runId: number; source: SourceKey; target: SweepTarget; startedAt: string },
): number {
  const { runId, source, target, startedAt } = sweep;
  const { fromMs, toMs, ...rest } = target;
  return orm
    .insert(sweeps)
    .values({
      runId,
      accountId: source.accountId,
      region: source.region,
      ...rest,
      fromAt: fromMs === undefined ? null : isoFromMs(fromMs),
      toAt: toMs === undefined ? null : isoFromMs(toMs),
      startedAt,
      outcome: 'running',
      pages: 0,
      calls: 0,
      throttles: 0,
      faults: 0,
      rowsSeen: 0,
      rowsAdded: 0,
      rowsChanged: 0,
    })
    .returning({ id: sweeps.id })
    .get().id;
}

/** Prepares the statement once and returns the verb: writes the counters of a sweep under way, in a page's transaction. */
export function createSweepCounter({ sqlite }: ArchiveDb): (id: number, tally: Tally) => void {
  const update = sqlite.prepare(
    `UPDATE sweeps SET pages = :pages, calls = :calls, throttles = :throttles, faults = :faults,
       rows_seen = :rowsSeen, rows_added = :rowsAdded, rows_changed = :rowsChanged WHERE id = :id`,
  );
  return (id, tally) => {
    update.run({ ...tally, id });
  };
}

export interface SweepEnd {
  outcome: Outcome;
  error?: string | undefined;
  finishedAt: string;
  tally: Tally;
  /** The span that this sweep proves to be listed completely, if it is one. */
  covered?: { source: SourceKey; span: Span } | undefined;
}

/** Closes a sweep, and marks what it covers in the same transaction. */
export function finishSweep(db: ArchiveDb, id: number, end: SweepEnd): void {
  const { outcome, error = null, finishedAt, tally, covered } = end;
  db.sqlite
    .transaction(() => {
      db.orm
        .update(sweeps)
        .set({ outcome, error, finishedAt, ...tally })
        .where(eq(sweeps.id, id))
        .run();
      if (covered) markCovered(db, covered.source, covered.span);
    })
    .immediate();
}
