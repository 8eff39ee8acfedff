import { DAY_MS, HOUR_MS, SECOND_MS } from '../../lib/time.ts';
import { RETENTION_MS } from '../../model/coverage/retention.ts';
import { type Span, sliceSpan, uncoveredSpans } from '../../model/coverage/spans.ts';
import { type Listing, newListing } from './listing.ts';

const SLICE_MS = DAY_MS;
/**
 * A gap shorter than this before the recent span is listed together with it, which takes one call if the account is
 * quiet.
 */
const JOINED_MS = 2 * HOUR_MS;

export interface PassTimes {
  /** The pass's start, on the earlier of this machine's and the service's clocks, and on the later one. */
  earliestNowMs: number;
  latestNowMs: number;
  settlingMs: number;
  overlapMs: number;
}

/**
 * Returns both clocks at a moment of this machine's clock. `skewMs` is how far the service's clock is ahead, by its
 * last dated reply. Before the first dated reply it is undefined, and only this machine's clock is known.
 */
export function passTimes(
  localMs: number,
  skewMs: number | undefined,
  settings: Pick<PassTimes, 'settlingMs' | 'overlapMs'>,
): PassTimes {
  const { settlingMs, overlapMs } = settings;
  const serviceMs = localMs + (skewMs ?? 0);
  return {
    earliestNowMs: Math.min(localMs, serviceMs),
    // A reply's date has whole seconds, so a clock that is ahead may be ahead by one second more.
    latestNowMs: Math.max(localMs, (skewMs ?? 0) > 0 ? serviceMs + SECOND_MS : serviceMs),
    settlingMs,
    overlapMs,
  };
}

/** The span that a pass may call covered: from the service's cutoff to the pass's start minus the settling time. */
export function coverableSpan({ earliestNowMs, latestNowMs, settlingMs }: PassTimes): Span {
  return { from: latestNowMs - RETENTION_MS, to: earliestNowMs - settlingMs };
}

/**
 * Plans the slices of a pass, the oldest first: the time that is not covered, back to the service's cutoff, then the
 * recent span with an overlap. A first slice that begins at the cutoff is open to the past, and the last slice is open
 * to the future, so that a clock that is wrong by minutes hides nothing. With `only`, plans that span, covered or not.
 */
export function planSlices(times: PassTimes, covered: readonly Span[], only?: Span): Listing[] {
  if (only) return sliceSpan(only, SLICE_MS).map((span) => spanListing(span, {}));
  const coverable = coverableSpan(times);
  const recent: Span = { from: coverable.to - times.overlapMs, to: times.latestNowMs };
  const slices = uncoveredSpans({ from: coverable.from, to: recent.from }, covered).flatMap((gap) =>
    sliceSpan(gap, SLICE_MS),
  );
  const last = slices.at(-1);
  if (last && last.to === recent.from && last.to - last.from <= JOINED_MS) {
    slices.pop();
    recent.from = last.from;
  }
  return [...slices, recent].map((span) =>
    spanListing(span, { isStartOpen: span.from <= coverable.from, isEndOpen: span === recent }),
  );
}

/** Returns the listing of the commands that execute now, whenever they were sent. */
export function executingListing(times: PassTimes): Listing {
  return newListing({
    whole: 'commands that execute',
    operation: 'ListCommands',
    span: { from: times.latestNowMs - RETENTION_MS, to: times.latestNowMs },
    isStartOpen: true,
    isEndOpen: true,
    isExecuting: true,
  });
}

/**
 * Returns the listing of the commands that were sent since commands were last listed completely, with an overlap. If
 * they never were, the listing is of everything that the service keeps. With `only`, the listing is of that span.
 */
export function commandsListing(times: PassTimes, listedToMs: number | undefined, only?: Span): Listing {
  const cutoff = times.latestNowMs - RETENTION_MS;
  const from = Math.max(cutoff, (listedToMs ?? cutoff) - times.overlapMs);
  return newListing({
    whole: 'commands that were sent',
    operation: 'ListCommands',
    span: only ?? { from, to: times.latestNowMs },
    isStartOpen: !only && from <= cutoff,
    isEndOpen: !only,
  });
}

/** Returns the listing that shows the present state of one command. */
export function commandListing(commandId: string, requestedMs: number, nowMs: number): Listing {
  const span = { from: Math.min(requestedMs, nowMs) - DAY_MS, to: nowMs };
  return newListing({
    whole: commandId,
    operation: 'ListCommands',
    span,
    isStartOpen: true,
    isEndOpen: true,
    commandId,
  });
}

function spanListing(span: Span, open: { isStartOpen?: boolean; isEndOpen?: boolean }): Listing {
  return newListing({
    whole: 'slices',
    operation: 'ListCommandInvocations',
    span,
    isStartOpen: false,
    isEndOpen: false,
    ...open,
  });
}
