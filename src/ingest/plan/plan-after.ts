import { isoFromMs } from '../../lib/time.ts';
import { halve, type Listing } from './listing.ts';
import type { EndedListing } from './listing-event.ts';

/** How often a listing of one second is tried before it is given up, if it takes longer than a token lives. */
const EXPIRIES_AT_FINEST = 4;

/**
 * The consequences of a listing that did not come to its end: the listings that come next, and the ones that come after
 * all others.
 */
export interface PlannedAfter {
  ended: EndedListing;
  next: readonly Listing[];
  last: readonly Listing[];
}

/**
 * Decides which listings follow a listing that failed. If its token expired, it is begun again at once; the second time
 * it is cut in halves if that is possible. If it failed in another way, it is tried once more at the end. After that it
 * is given up, with a sentence.
 */
export function planAfter(listing: Listing, failure: { kind: 'expired' | 'failed'; sentence: string }): PlannedAfter {
  return failure.kind === 'expired' ? afterExpiry(listing, failure.sentence) : afterFailure(listing, failure.sentence);
}

function afterExpiry(listing: Listing, sentence: string): PlannedAfter {
  const expiries = listing.expiries + 1;
  const halves = expiries > 1 ? halve(listing) : undefined;
  if (halves) return { ended: { kind: 'ended', listing, end: 'cut' }, next: halves, last: [] };
  if (expiries < EXPIRIES_AT_FINEST)
    return { ended: { kind: 'ended', listing, end: 'again' }, next: [{ ...listing, expiries }], last: [] };
  return givenUp(listing, `${sentence} Listing ${nameOfListing(listing)} takes longer than a token lives.`);
}

function afterFailure(listing: Listing, sentence: string): PlannedAfter {
  if (listing.failures > 0) return givenUp(listing, sentence);
  return { ended: { kind: 'ended', listing, end: 'again' }, next: [], last: [{ ...listing, failures: 1 }] };
}

function givenUp(listing: Listing, sentence: string): PlannedAfter {
  return { ended: { kind: 'ended', listing, end: 'failed', sentence }, next: [], last: [] };
}

function nameOfListing({ commandId, instanceId, span }: Listing): string {
  if (instanceId !== undefined) return `command ${commandId} on ${instanceId}`;
  if (commandId !== undefined) return `command ${commandId}`;
  return `${isoFromMs(span.from)} to ${isoFromMs(span.to)}`;
}
