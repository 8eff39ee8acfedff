import { streamQueue } from '../lib/stream-queue.ts';
import { addTally, type Tally } from '../model/coverage/counters.ts';
import { ListingEndless } from '../upstream/errors.ts';
import { endListed, endSweep } from './account/end-sweep.ts';
import { classifyFailure } from './list/classify-failure.ts';
import { listReplies } from './list/list-replies.ts';
import type { Listing } from './plan/listing.ts';
import type { ListingEvent } from './plan/listing-event.ts';
import { planAfter } from './plan/plan-after.ts';
import { noteReply, openSweep, type Sweep } from './record/sweep.ts';
import type { SourcePass } from './source-pass.ts';

/** If this many listings fail in a row, the source can't be reached at all. */
const FAILURES_IN_A_ROW = 3;
/** If this many listings expire and none ends in between, smaller listings do not help. */
const EXPIRIES_IN_A_ROW = 200;
/**
 * A listing fails after this many replies in a row without anything new: that is half a million known rows, or a
 * listing without an end.
 */
const IDLE_REPLIES = 10_000;
/** How many replies to one listing may wait to be written. */
const REPLIES_IN_HAND = 4;

type Tell = (event: ListingEvent) => void;

/**
 * Lists all given listings to their ends, several at a time. Yields each reply once it is recorded, and how each
 * listing ended.
 *
 * If a listing's token expires, the listing is begun again; the second time it is cut in halves. A listing that fails
 * in another way is tried once more at the end. Throws what ends the whole source: a refusal, an interruption, a
 * database error.
 */
export function collectListings(pass: SourcePass, listings: readonly Listing[]): AsyncGenerator<ListingEvent> {
  const queue = [...listings];
  const inARow = { failed: 0, expired: 0 };
  const { slicesAtOnce: atOnce, signal } = pass;
  return streamQueue(queue, { atOnce, signal }, async (listing: Listing, tell: Tell, ends: AbortSignal) => {
    const sweep = openSweep(pass, listing);
    try {
      await recordReplies(pass, sweep, tell, ends);
      Object.assign(inARow, { failed: 0, expired: 0 });
      tell(endListed(pass, sweep));
    } catch (error) {
      const { kind, sentence } = classifyFailure(error);
      const isCutShort = kind === 'interrupted' || kind === 'bounded';
      endSweep(pass, sweep, { outcome: isCutShort ? 'interrupted' : 'failed', error: sentence });
      if (kind === 'bounded') {
        tell({ kind: 'ended', listing, end: 'bounded' });
        return;
      }
      if (kind !== 'expired' && kind !== 'failed') throw error;
      inARow[kind] += 1;
      if (kind === 'expired' && inARow.expired >= EXPIRIES_IN_A_ROW) throw endless(sentence);
      if (kind === 'failed' && inARow.failed >= FAILURES_IN_A_ROW) throw error;
      const { ended, next, last } = planAfter(listing, { kind, sentence });
      queue.unshift(...next);
      queue.push(...last);
      tell(ended);
    }
  });
}

/**
 * Lists and records all replies to one listing. While a reply is written, the next one is already requested; only a few
 * replies are in memory at a time.
 */
async function recordReplies(pass: SourcePass, sweep: Sweep, tell: Tell, signal: AbortSignal): Promise<void> {
  const inHand: Promise<void>[] = [];
  let idle = 0;
  try {
    for await (const { counts, reply } of listReplies(pass.source, sweep.listing, signal)) {
      count(counts);
      if (!reply) continue;
      noteReply(sweep, reply);
      if (inHand.length >= REPLIES_IN_HAND) await inHand.shift();
      const recorded = record(reply.items);
      // This keeps Node from ending the process for an unhandled rejection: the promise is awaited later, and its error
      // is thrown then.
      recorded.catch(() => {});
      inHand.push(recorded);
    }
  } finally {
    await Promise.allSettled(inHand);
  }
  await Promise.all(inHand);

  /** Adds to the numbers of the listing and of its source. */
  function count(more: Partial<Tally>): void {
    addTally(sweep.tally, more);
    pass.progress.add(more);
  }

  async function record(items: readonly unknown[]): Promise<void> {
    const event = await pass.record(sweep, items);
    const { seen, added, changed } = event.tally;
    count({ pages: 1, rowsSeen: seen, rowsAdded: added, rowsChanged: changed });
    pass.progress.recorded(event.tally);
    tell(event);
    idle = added + changed > 0 ? 0 : idle + 1;
    if (idle >= IDLE_REPLIES)
      throw new ListingEndless(
        `The last ${IDLE_REPLIES} replies of a listing brought nothing new, and each had a token for another reply.`,
      );
  }
}

function endless(sentence: string): ListingEndless {
  return new ListingEndless(
    `${sentence} No listing of this source comes to its end, not even a very small one; the next pass tries again.`,
  );
}
