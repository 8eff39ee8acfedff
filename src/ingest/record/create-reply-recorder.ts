import { createListedCommandRecorder } from '../../archive/record/record-listed-commands.ts';
import type { ReplyTally, ReplyToRecord } from '../../archive/record/record-replies.ts';
import { createSweepCounter } from '../../archive/record/record-sweep.ts';
import type { ArchiveDb } from '../../db/open.ts';
import { isoFromMs, type Now } from '../../lib/time.ts';
import type { SourceKey } from '../../model/observed-invocation.ts';
import { observeCommand } from '../../upstream/replies/observe-command.ts';
import { observeEach } from '../../upstream/replies/observe-each.ts';
import { observeInvocation } from '../../upstream/replies/observe-invocation.ts';
import type { RecordedReply } from '../plan/listing-event.ts';
import type { Sweep } from './sweep.ts';
import { keepUnreadable } from './unreadable-elements.ts';

interface RecorderDeps {
  db: ArchiveDb;
  source: SourceKey;
  now: Now;
  writeReply(reply: ReplyToRecord): Promise<ReplyTally>;
  /**
   * Renews the lease. Inside a transaction it throws if another collector has taken over, so that nothing is written
   * then.
   */
  renewLease(nowMs: number): void;
}

/** Records the items of a reply. Resolves once they are on the disk. */
export type RecordReply = (sweep: Sweep, items: readonly unknown[]) => Promise<RecordedReply>;

/** Prepares the statements once, and returns the function that records the replies of one source. */
export function createReplyRecorder({ db, source, now, writeReply, renewLease }: RecorderDeps): RecordReply {
  const countReply = createSweepCounter(db.sqlite);
  const recordCommands = createListedCommandRecorder(db.sqlite);

  async function recordInvocations(sweep: Sweep, items: readonly unknown[]): Promise<RecordedReply> {
    const { listing, id } = sweep;
    const { observed, unreadable } = observeEach(items, observeInvocation);
    keepUnreadable(sweep.unreadable, unreadable);
    const receivedAt = now();
    const tally = await writeReply({
      source,
      observed,
      observedAt: isoFromMs(receivedAt.getTime()),
      isLook: listing.isLook ?? false,
      inTransaction: (reply) => {
        renewLease(receivedAt.getTime());
        countReply(id, sweep.tally, reply);
      },
    });
    return { kind: 'recorded', listing, invocations: observed, commands: [], tally };
  }

  async function recordListed(sweep: Sweep, items: readonly unknown[]): Promise<RecordedReply> {
    const { observed, unreadable } = observeEach(items, observeCommand);
    keepUnreadable(sweep.unreadable, unreadable);
    renewLease(now().getTime());
    recordCommands(source, isoFromMs(now().getTime()), observed);
    const tally = { seen: 0, added: 0, changed: 0, changedFinal: 0 };
    return { kind: 'recorded', listing: sweep.listing, invocations: [], commands: observed, tally };
  }

  return (sweep, items) =>
    sweep.listing.operation === 'ListCommands' ? recordListed(sweep, items) : recordInvocations(sweep, items);
}
