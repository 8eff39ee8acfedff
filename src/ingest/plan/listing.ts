import { SECOND_MS } from '../../lib/time.ts';
import type { Span } from '../../model/coverage/spans.ts';
import type { ListingRequest } from '../../upstream/connect-source.ts';

/**
 * Something to be listed to its end: a span of requested time, or a command, or a node of a command. Parts that a
 * listing is cut into share its `whole`.
 */
export interface Listing {
  operation: 'ListCommandInvocations' | 'ListCommands';
  span: Span;
  /** Whether the span's start or end is left out of the request: nothing older, or newer, is to escape it. */
  isStartOpen: boolean;
  isEndOpen: boolean;
  commandId?: string;
  instanceId?: string;
  /** Commands that execute now, and no others. */
  isExecuting?: boolean;
  /** How many pages it may have: one with more is given up, and counts for nothing. */
  mostPages?: number;
  whole: WholeListing;
  /** How often its token expired, and how often it failed otherwise. */
  expiries: number;
  failures: number;
}

/** Counts the parts still to be listed; `isFailed` once one was given up. */
export interface WholeListing {
  openParts: number;
  isFailed: boolean;
  rowsSeen: number;
}

/** A listing not yet begun, in one part. */
export function newListing(what: Omit<Listing, 'whole' | 'expiries' | 'failures'>): Listing {
  return { ...what, whole: { openParts: 1, isFailed: false, rowsSeen: 0 }, expiries: 0, failures: 0 };
}

/**
 * What to ask the service. Both ends reach a second further than the span, so that it does not matter whether the
 * service counts its bounds in or out, nor that it compares whole seconds.
 */
export function requestOf(listing: Listing): ListingRequest {
  const { span, isStartOpen, isEndOpen, commandId, instanceId, isExecuting = false } = listing;
  return {
    ...(!isStartOpen && { afterMs: span.from - SECOND_MS }),
    ...(!isEndOpen && { beforeMs: span.to + 2 * SECOND_MS - 1 }),
    ...(commandId !== undefined && { commandId }),
    ...(instanceId !== undefined && { instanceId }),
    ...(isExecuting && { executionStage: 'Executing' as const }),
  };
}

/** The two halves of a listing, cut at a whole second; undefined where a second is all there is, or one node. */
export function halve(listing: Listing): [Listing, Listing] | undefined {
  const { from, to } = listing.span;
  const middle = Math.floor((from + to) / 2 / SECOND_MS) * SECOND_MS;
  if (listing.instanceId !== undefined || middle <= from || middle >= to) return undefined;
  listing.whole.openParts += 1;
  const part = { ...listing, failures: 0 };
  return [
    { ...part, span: { from, to: middle }, isEndOpen: false },
    { ...part, span: { from: middle, to }, isStartOpen: false },
  ];
}
