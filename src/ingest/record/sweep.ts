import { beginSweep, type SweepTarget } from '../../archive/record/record-sweep.ts';
import type { ArchiveDb } from '../../db/open.ts';
import { isoFromMs, type Now } from '../../lib/time.ts';
import { emptyTally, type Tally } from '../../model/coverage/counters.ts';
import { keepRequestId } from '../../model/coverage/request-ids.ts';
import type { SourceKey } from '../../model/observed-invocation.ts';
import type { UnreadableElement } from '../../upstream/replies/observe-each.ts';
import type { ListReply } from '../../upstream/replies/read-reply.ts';
import type { Listing } from '../plan/listing.ts';

/** A listing under way: its row in the table sweeps, and its numbers so far. */
export interface Sweep {
  id: number;
  listing: Listing;
  tally: Tally;
  requestIds: string[];
  /**
   * What an archive that was asked instead of AWS stated about its coverage, one text for each reply; '' for a reply
   * without a statement.
   */
  statements: Set<string>;
  /** Elements of the listing's replies that can't be stored. */
  unreadable: UnreadableElement[];
}

interface SweepDeps {
  db: ArchiveDb;
  now: Now;
  runId: number;
  source: SourceKey;
}

/** Opens the sweep of a listing, and returns it. */
export function openSweep({ db, now, runId, source }: SweepDeps, listing: Listing): Sweep {
  const startedAt = isoFromMs(now().getTime());
  const id = beginSweep(db.sqlite, { runId, source, target: targetOf(listing), startedAt });
  return { id, listing, tally: emptyTally(), requestIds: [], statements: new Set(), unreadable: [] };
}

/** A span is recorded with a start even if its request names none: a first slice asks for everything older. */
function targetOf(listing: Listing): SweepTarget {
  const { operation, commandId, instanceId, span, isStartOpen, isEndOpen } = listing;
  const isSpan = commandId === undefined && operation === 'ListCommandInvocations';
  return {
    operation,
    ...((isSpan || !isStartOpen) && { fromMs: span.from }),
    ...(!isEndOpen && { toMs: span.to }),
    commandId,
    instanceId,
  };
}

/** Keeps what a reply has besides its items: its request id, its statement and its elements that can't be stored. */
export function noteReply(sweep: Sweep, { coverage, requestId }: ListReply): void {
  sweep.statements.add(coverage ?? '');
  keepRequestId(sweep.requestIds, requestId);
}

/**
 * Returns the statements of an archive about its coverage. If some replies had a statement and others did not, the list
 * has an empty statement, which means that nothing is known.
 */
export function statementsOf({ statements }: Sweep): string[] {
  return statements.size === 1 && statements.has('') ? [] : [...statements];
}
