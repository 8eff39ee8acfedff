import { SECOND_MS } from '../../lib/time.ts';
import type { Span } from '../../model/coverage/spans.ts';
import type { ListingRequest } from '../../upstream/connect-source.ts';

/** Something to be listed to its end: a span of requested time, or a command, or a node of a command. Nobody changes one. */
export interface Listing {
  readonly operation: 'ListCommandInvocations' | 'ListCommands';
  readonly span: Span;
  /** Whether the span's start or end is left out of the request: nothing older, or newer, is to escape it. */
  readonly isStartOpen: boolean;
  readonly isEndOpen: boolean;
  readonly commandId?: string;
  readonly instanceId?: string;
  /** Commands that execute now, and no others. */
  readonly isExecuting?: boolean;
  /** Whether it looks again at what is final: what has changed in it has been looked at. */
  readonly isLook?: boolean;
  /** What of requested time may count as covered once it has ended. Without it, nothing does. */
  readonly mayCover?: Span;
  /** How many replies it may have: one with more is given up, and counts for nothing. */
  readonly mostReplies?: number;
  /** The name of what it is a part of, which the parts that it is cut into have too. See whole.ts. */
  readonly whole: string;
  /** How often its token expired, and how often it failed otherwise. */
  readonly expiries: number;
  readonly failures: number;
}

/** A listing that was not tried yet. */
export function newListing(what: Omit<Listing, 'expiries' | 'failures'>): Listing {
  return { ...what, expiries: 0, failures: 0 };
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
  const part = { ...listing, failures: 0 };
  return [
    { ...part, span: { from, to: middle }, isEndOpen: false },
    { ...part, span: { from: middle, to }, isStartOpen: false },
  ];
}
