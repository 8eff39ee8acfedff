import { readSpread } from '../../archive/coverage/read-spread.ts';
import { finishSweep, type SweepEnd } from '../../archive/record/record-sweep.ts';
import { isoFromMs } from '../../lib/time.ts';
import { RETENTION_MS } from '../../model/coverage/retention.ts';
import type { Span } from '../../model/coverage/spans.ts';
import type { EndedListing } from '../plan/listing-event.ts';
import { type Sweep, statementsOf } from '../record/sweep.ts';
import { coverableBeside, sentenceOfUnreadable } from '../record/unreadable-elements.ts';
import { type SourcePass, timesOf } from '../source-pass.ts';
import { coveredOf } from './covered-of.ts';

/**
 * Ends the sweep of a listing that came to its end, and marks what it covers in the same transaction. If replies had
 * elements that can't be stored, the sweep has failed, and the seconds in which those elements were requested are not
 * covered.
 */
export function endListed(pass: SourcePass, sweep: Sweep): EndedListing {
  const { listing, unreadable } = sweep;
  const { spans, isUnstated } = coveredBy(pass, sweep);
  if (unreadable.length > 0) {
    const sentence = sentenceOfUnreadable(listing, unreadable);
    const left = spans.flatMap((span) => coverableBeside(span, unreadable, listing));
    endSweep(pass, sweep, { outcome: 'failed', error: sentence, covered: { source: pass.source, spans: left } });
    return { kind: 'ended', listing, end: 'failed', sentence, isUnstated };
  }
  endSweep(pass, sweep, { outcome: 'complete', covered: { source: pass.source, spans } });
  return { kind: 'ended', listing, end: 'complete', isUnstated };
}

/** Ends a sweep: writes its row, its entry of the ledger, and what it covers. */
export function endSweep(
  { db, now }: SourcePass,
  { id, tally, requestIds }: Sweep,
  end: Pick<SweepEnd, 'outcome' | 'error' | 'covered'>,
): void {
  finishSweep(db.sqlite, id, { ...end, finishedAt: isoFromMs(now().getTime()), tally, requestIds });
}

/**
 * Returns which part of the listing's span counts as covered, and whether the archive that was asked instead of AWS
 * made no statement about it.
 */
function coveredBy(pass: SourcePass, sweep: Sweep): { spans: Span[]; isUnstated: boolean } {
  const { span, mayCover } = sweep.listing;
  if (!mayCover) return { spans: [], isUnstated: false };
  const statements = statementsOf(sweep);
  if (pass.isOfArchive && statements.length === 0) return { spans: [], isUnstated: true };
  // Rows that passed the cutoff while the slice was being listed may have been missed.
  const cutoff = Math.max(mayCover.from, timesOf(pass).latestNowMs - RETENTION_MS);
  const spreadMs = readSpread(pass.db.sqlite, pass.source);
  const covered = { from: span.from, to: Math.min(span.to, mayCover.to) };
  return { spans: coveredOf(covered, { cutoff, spreadMs }, statements), isUnstated: false };
}
