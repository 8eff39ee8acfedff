import { eq } from 'drizzle-orm';
import type { ArchiveDb } from '../db/open.ts';
import { sweeps } from '../db/schema.ts';
import { createLedger } from '../ledger/create-ledger.ts';
import { rowEntry } from '../ledger/entries.ts';
import { readRow } from '../ledger/read-row.ts';
import type { Span } from '../lib/spans.ts';
import { isoFromMs } from '../lib/time.ts';
import type { SourceKey } from '../model/observed-invocation.ts';
import { markCovered } from './mark-covered.ts';
import type { PageTally } from './record-page.ts';
import { emptyTally, type Outcome, type Tally } from './record-run.ts';
import { withoutWaiting } from './without-waiting.ts';

/** What a sweep lists: a span of requested time (an absent end is open), or one command, or one node of it. */
export interface SweepTarget {
  operation: 'ListCommandInvocations' | 'ListCommands';
  fromMs?: number | undefined;
  toMs?: number | undefined;
  commandId?: string | undefined;
  instanceId?: string | undefined;
}

/** Opens a sweep and returns its id. Lost in a power cut, it is listed again. */
export function beginSweep(
  db: ArchiveDb,
  sweep: { runId: number; source: SourceKey; target: SweepTarget; startedAt: string },
): number {
  const { runId, source, target, startedAt } = sweep;
  const { fromMs, toMs, ...rest } = target;
  const row = {
    runId,
    accountId: source.accountId,
    region: source.region,
    ...rest,
    fromAt: fromMs === undefined ? null : isoFromMs(fromMs),
    toAt: toMs === undefined ? null : isoFromMs(toMs),
    startedAt,
    outcome: 'running',
    ...emptyTally(),
  };
  return withoutWaiting(db, () => db.orm.insert(sweeps).values(row).returning({ id: sweeps.id }).get().id);
}

/**
 * Prepares the statement once and returns the verb: counts a page of a sweep under way, in the page's transaction. What the
 * page held is added; calls, throttles and faults are the sweep's so far.
 */
export function createSweepCounter({ sqlite }: ArchiveDb): (id: number, sweep: Tally, page: PageTally) => void {
  const update = sqlite.prepare(
    `UPDATE sweeps SET calls = :calls, throttles = :throttles, faults = :faults, pages = pages + 1,
       rows_seen = rows_seen + :seen, rows_added = rows_added + :added, rows_changed = rows_changed + :changed WHERE id = :id`,
  );
  return (id, { calls, throttles, faults }, { seen, added, changed }) => {
    update.run({ calls, throttles, faults, seen, added, changed, id });
  };
}

export interface SweepEnd {
  outcome: Outcome;
  error?: string | undefined;
  finishedAt: string;
  tally: Tally;
  /** The request ids of the replies of its pages, in their order; absent where they are not known. */
  requestIds?: readonly string[] | undefined;
  /** The spans that this sweep proves to be listed completely. */
  covered?: { source: SourceKey; spans: readonly Span[] } | undefined;
}

/**
 * Closes a sweep, and marks what it covers and adds it to the ledger in the same transaction. What it covers is on the disk already; lost in a power
 * cut, the end says less than the truth and the sweep is listed again.
 */
export function finishSweep(db: ArchiveDb, id: number, end: SweepEnd): void {
  const { outcome, error = null, finishedAt, tally, requestIds, covered } = end;
  const write = db.sqlite.transaction(() => {
    db.orm
      .update(sweeps)
      .set({ outcome, error, finishedAt, ...tally, requestIdsJson: requestIds ? JSON.stringify(requestIds) : null })
      .where(eq(sweeps.id, id))
      .run();
    if (covered) for (const span of covered.spans) markCovered(db, covered.source, span);
    const proven = (covered?.spans ?? []).map(({ from, to }) => ({ fromAt: isoFromMs(from), toAt: isoFromMs(to) }));
    const entry = rowEntry('sweeps', readRow(db.sqlite, 'sweeps', { id }), { covered: proven });
    createLedger(db.sqlite).add('row', [entry]);
  });
  withoutWaiting(db, write.immediate);
}
