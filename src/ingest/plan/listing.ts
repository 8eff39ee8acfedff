import { SECOND_MS } from '../../lib/time.ts';
import type { Span } from '../../model/coverage/spans.ts';
import type { ListingRequest } from '../../upstream/connect-source.ts';

/**
 * Something that is listed to its end: a span of requested time, a command, or one node of a command. Never mutated.
 */
export interface Listing {
  readonly operation: 'ListCommandInvocations' | 'ListCommands';
  readonly span: Span;
  /** Whether the request leaves out the span's start or end, so that nothing older or newer is missed. */
  readonly isStartOpen: boolean;
  readonly isEndOpen: boolean;
  readonly commandId?: string;
  readonly instanceId?: string;
  /** Set if the listing asks only for commands that execute now. */
  readonly isExecuting?: boolean;
  /**
   * Whether the listing looks again at final invocations. If so, an invocation that it shows as changed counts as
   * looked at.
   */
  readonly isLook?: boolean;
  /**
   * The part of requested time that may count as covered once the listing has ended. If undefined, no time may count.
   */
  readonly mayCover?: Span;
  /** How many replies the listing may have. A listing with more replies is given up and counts for nothing. */
  readonly mostReplies?: number;
  /**
   * The name of the whole to which the listing belongs. If the listing is cut, its parts keep the name. See whole.ts.
   */
  readonly whole: string;
  /** How often the listing's token expired, and how often the listing failed in another way. */
  readonly expiries: number;
  readonly failures: number;
}

/** Returns a listing that was not tried yet. */
export function newListing(what: Omit<Listing, 'expiries' | 'failures'>): Listing {
  return { ...what, expiries: 0, failures: 0 };
}

/**
 * Returns the request for a listing. At both ends, the request reaches one second beyond the listing's span. So it does
 * not matter whether the service includes its bounds, or that it compares whole seconds.
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

/**
 * Returns the two halves of a listing, cut at a whole second; undefined if it spans only one second, or lists only one
 * node.
 */
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
