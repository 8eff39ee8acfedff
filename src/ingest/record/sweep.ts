import { emptyTally, type Tally } from '../../archive/record/record-run.ts';
import { beginSweep, type SweepTarget } from '../../archive/record/record-sweep.ts';
import type { ArchiveDb } from '../../db/open.ts';
import { isoFromMs, type Now } from '../../lib/time.ts';
import { keepRequestId } from '../../model/coverage/request-ids.ts';
import type { SourceKey } from '../../model/observed-invocation.ts';
import type { UnreadableElement } from '../../upstream/replies/observe-each.ts';
import type { ListReply } from '../../upstream/replies/read-reply.ts';
import type { Listing } from '../plan/listing.ts';

/** A listing under way: its row in the table sweeps, and what has come of it so far. */
export interface Sweep {
  id: number;
  listing: Listing;
  tally: Tally;
  requestIds: string[];
  /** What an archive, asked in the service's place, said of its coverage: '' for a reply that said nothing. */
  statements: Set<string>;
  /** What its replies had that can't be filed. */
  unreadable: UnreadableElement[];
}

interface SweepDeps {
  db: ArchiveDb;
  now: Now;
  runId: number;
  source: SourceKey;
}

/** Opens the sweep of a listing. */
export function openSweep({ db, now, runId, source }: SweepDeps, listing: Listing): Sweep {
  const startedAt = isoFromMs(now().getTime());
  const id = beginSweep(db.sqlite, { runId, source, target: targetOf(listing), startedAt });
  return { id, listing, tally: emptyTally(), requestIds: [], statements: new Set(), unreadable: [] };
}

/** A span has a start in any case: its first slice asks for all that is older, and is still of a span. */
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

/** Keeps what a reply says beside its items. */
export function noteReply(sweep: Sweep, { coverage, requestId }: ListReply): void {
  sweep.statements.add(coverage ?? '');
  keepRequestId(sweep.requestIds, requestId);
}

/**
 * What an archive said of its coverage, where any reply had it. One reply without a statement, among others with one, has lost it: an
 * empty one says that nothing is known.
 */
export function statementsOf({ statements }: Sweep): string[] {
  return statements.size === 1 && statements.has('') ? [] : [...statements];
}
