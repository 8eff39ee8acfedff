import type { ReplyTally } from '../../archive/record/record-replies.ts';
import type { ObservedCommand } from '../../model/observed-command.ts';
import type { ObservedInvocation } from '../../model/observed-invocation.ts';
import type { Listing } from './listing.ts';

/** A reply that is recorded: what it showed, and what of that was news. */
export interface RecordedReply {
  kind: 'recorded';
  listing: Listing;
  invocations: readonly ObservedInvocation[];
  commands: readonly ObservedCommand[];
  tally: ReplyTally;
}

/**
 * How a listing ended. `complete`: all of it is recorded. `again`: it is begun again. `cut`: its two halves are listed in its place.
 * `bounded`: it has more replies than it may have. `failed`: it is given up, or had what can't be filed.
 */
export interface EndedListing {
  kind: 'ended';
  listing: Listing;
  end: 'complete' | 'again' | 'cut' | 'bounded' | 'failed';
  /** What people are told, where it failed. */
  sentence?: string | undefined;
  /** Whether an archive, asked in the service's place, did not say what it has of the span. */
  isUnstated?: boolean;
}

/** What is told of listings while they are collected, each in its turn. */
export type ListingEvent = RecordedReply | EndedListing;
