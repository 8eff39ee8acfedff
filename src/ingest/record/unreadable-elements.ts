import { isoFromMs, SECOND_MS } from '../../lib/time.ts';
import { type Span, uncoveredSpans } from '../../model/coverage/spans.ts';
import type { UnreadableElement } from '../../upstream/replies/observe-each.ts';
import type { Listing } from '../plan/listing.ts';

/**
 * At most this many requested times are kept per listing. With more elements than that, no part of its span counts as
 * covered.
 */
const MOST_TIMED = 1000;
/** How far a listing asks beyond its span, in ms. */
const ASKED_BEYOND_MS = 2 * SECOND_MS;

/** Adds the elements of a reply. Beyond the limit it keeps them without their times. */
export function keepUnreadable(kept: UnreadableElement[], more: readonly UnreadableElement[]): void {
  for (const element of more) kept.push(kept.length < MOST_TIMED ? element : { requestedMs: undefined });
}

/** Returns a sentence for people about the elements of a listing that can't be stored. */
export function sentenceOfUnreadable(
  { operation, commandId, span }: Listing,
  unreadable: readonly UnreadableElement[],
): string {
  const isOfCommands = operation === 'ListCommands';
  const ids = isOfCommands ? 'a CommandId' : 'a CommandId or an InstanceId';
  const noun = isOfCommands ? 'command' : 'invocation';
  const what = unreadable.length === 1 ? `a ${noun}` : `${unreadable.length} ${noun}s`;
  const times = unreadable.flatMap(({ requestedMs }) => (requestedMs === undefined ? [] : [requestedMs]));
  const first = Math.min(...times);
  const last = Math.max(...times);
  const when =
    times.length < unreadable.length
      ? `at an unknown time${commandId === undefined ? `, in a listing of ${isoFromMs(span.from)} to ${isoFromMs(span.to)}` : ''}`
      : first === last
        ? `at ${isoFromMs(first)}`
        : `from ${isoFromMs(first)} to ${isoFromMs(last)}`;
  return `The service showed ${what.replace(/^a (?=[aeiou])/, 'an ')} without ${ids}, requested ${when}. The archive can't store this. Everything else in the reply is kept, and that time does not count as covered.`;
}

/**
 * Returns the part of a span that may still count as covered although elements could not be stored: all except the
 * seconds in which those were requested. If the time of such an element is not known, or lies outside what was asked
 * for, nothing is covered, because the listing may then lack any part of its span.
 */
export function coverableBeside(span: Span, unreadable: readonly UnreadableElement[], listing: Listing): Span[] {
  const seconds: Span[] = [];
  for (const { requestedMs } of unreadable) {
    if (requestedMs === undefined) return [];
    const isEarlier = requestedMs < listing.span.from - ASKED_BEYOND_MS && !listing.isStartOpen;
    const isLater = requestedMs > listing.span.to + ASKED_BEYOND_MS && !listing.isEndOpen;
    if (isEarlier || isLater) return [];
    const from = Math.floor(requestedMs / SECOND_MS) * SECOND_MS;
    seconds.push({ from, to: from + SECOND_MS });
  }
  return uncoveredSpans(span, seconds);
}
