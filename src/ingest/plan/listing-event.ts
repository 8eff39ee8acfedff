import type { ReplyTally } from '../../archive/record/record-replies.ts';
import type { ObservedCommand } from '../../model/observed-command.ts';
import type { ObservedInvocation } from '../../model/observed-invocation.ts';
import type { Listing } from './listing.ts';

/** A reply that is recorded: what it showed, and how much of that was new. */
export interface RecordedReply {
  kind: 'recorded';
  listing: Listing;
  invocations: readonly ObservedInvocation[];
  commands: readonly ObservedCommand[];
  tally: ReplyTally;
}

/**
 * How a listing ended. `complete`: all of it is recorded. `again`: it will begin again. `cut`: its two halves are
 * listed instead. `bounded`: it has more replies than it may have. `failed`: it is given up, or it showed elements that
 * can't be stored.
 */
export interface EndedListing {
  kind: 'ended';
  listing: Listing;
  end: 'complete' | 'again' | 'cut' | 'bounded' | 'failed';
  /** The sentence for people if the listing failed. */
  sentence?: string | undefined;
  /** Whether an archive that was asked instead of AWS stated nothing about the span. */
  isUnstated?: boolean;
}

/** An event of listings that are being collected. Events come in the order in which things happen. */
export type ListingEvent = RecordedReply | EndedListing;
