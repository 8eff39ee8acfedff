import { listCovered } from '../archive/mark-covered.ts';
import type { Outcome } from '../archive/record-run.ts';
import { listUnfinished, noteListed, rememberExecuting } from '../archive/unfinished-commands.ts';
import { RETENTION_MS } from '../lib/retention.ts';
import type { Span } from '../lib/spans.ts';
import { isoFromMs, SECOND_MS } from '../lib/time.ts';
import { OperationUnknown } from '../upstream/errors.ts';
import { observeCommand } from '../upstream/observe-command.ts';
import { classifyFailure } from './classify-failure.ts';
import type { Listing } from './listing.ts';
import { type FollowUp, planFollowUp } from './plan-follow-up.ts';
import { coverableSpan, executingListing, type PassTimes, planSlices } from './plan-pass.ts';
import { type SweepDeps, sweepListings } from './sweep-listings.ts';

export interface CollectOptions {
  settlingMs: number;
  overlapMs: number;
  /** Lists this span, covered or not, in place of what is due. */
  only?: Span | undefined;
  /** Told how many parts there are to list, and which of them have ended. */
  onParts(change: { planned?: number; ended?: number }): void;
}

/** How a source ended: `errors` has a sentence for each thing that could not be collected. */
export interface Collected {
  outcome: Outcome;
  errors: string[];
  warnings: string[];
}

/**
 * One pass over one source: the commands that execute now are remembered, what was unfinished before is listed by command,
 * then slices of time, then what those brought unfinished. The commands come first: one that starts later lies after what
 * the slices may call covered; and no slice counts as covered before what earlier commands have brought since is here.
 * Never throws for the source's own failures; database errors and a lost lease do come through.
 */
export async function collectSource(deps: SweepDeps, options: CollectOptions): Promise<Collected> {
  const errors: string[] = [];
  const warnings: string[] = [];
  // Before the first listing: what begins while executing commands are listed is newer than all that may be covered.
  const begunAtMs = deps.now().getTime();
  try {
    const executing = await listExecuting();
    const followed = await followUp(executing === 'known', new Set());
    await listSlices(executing !== 'failed');
    await followUp(executing === 'known', followed);
    return { outcome: errors.length > 0 ? 'failed' : 'complete', errors, warnings };
  } catch (error) {
    const { kind, sentence } = classifyFailure(error);
    if (kind === 'interrupted' || deps.signal.aborted) return { outcome: 'interrupted', errors, warnings };
    if (kind === 'fatal') throw error;
    return { outcome: 'failed', errors: [...errors, sentence], warnings };
  }

  /** `unknown` where the service has no ListCommands: what depends on it is then learnt in dearer ways. */
  async function listExecuting(): Promise<'known' | 'unknown' | 'failed'> {
    const commands = new Map<string, ReturnType<typeof observeCommand>>();
    try {
      const failures = await sweepListings(deps, [executingListing(times(begunAtMs))], {
        onCommands: (items) => {
          for (const command of items.map(observeCommand)) commands.set(command.commandId, command);
        },
      });
      errors.push(...failures);
      if (failures.length > 0) return 'failed';
    } catch (error) {
      if (error instanceof OperationUnknown) {
        warnings.push(
          `This service does not know ListCommands (${error.message}): unfinished commands are listed whole each time.`,
        );
        return 'unknown';
      }
      const { kind, sentence } = classifyFailure(error);
      // Without permission to list commands, invocations are still worth having; only nothing counts as covered.
      if (kind !== 'source' && kind !== 'failed') throw error;
      errors.push(sentence);
      return 'failed';
    }
    rememberExecuting(deps.db, deps.source, [...commands.values()], isoFromMs(deps.now().getTime()));
    return 'known';
  }

  async function listSlices(mayCover: boolean): Promise<void> {
    const begun = times(begunAtMs);
    const coverable = coverableSpan(begun);
    const slices = planSlices(begun, listCovered(deps.db, deps.source), options.only);
    options.onParts({ planned: slices.length });
    const failures = await sweepListings(deps, slices, {
      coverable(span) {
        // Rows that passed the cutoff while the slice was being listed may have been missed.
        const cutoff = times().latestNowMs - RETENTION_MS;
        const covered = { from: Math.max(span.from, coverable.from, cutoff), to: Math.min(span.to, coverable.to) };
        return mayCover && covered.from < covered.to ? covered : undefined;
      },
      onPart: countPart,
    });
    errors.push(...failures);
  }

  /** Lists what is unfinished, but for the commands given; returns the ids of those and of what it listed. */
  async function followUp(knowsExecuting: boolean, followed: ReadonlySet<string>): Promise<ReadonlySet<string>> {
    const nowMs = times().latestNowMs;
    const unfinished = listUnfinished(deps.db, deps.source).filter(({ commandId }) => !followed.has(commandId));
    const plans = unfinished.map((command) => planFollowUp(command, nowMs, knowsExecuting));
    const byWhole = new Map(plans.flatMap((plan) => plan.listings.map((listing) => [listing.whole, plan] as const)));
    const listings = plans.flatMap((plan) => plan.listings);
    options.onParts({ planned: listings.length });
    const failures = await sweepListings(deps, listings, {
      onPart(listing, end) {
        countPart(listing, end);
        const plan = byWhole.get(listing.whole);
        if (plan && isWholeEnd(plan)) note(plan, nowMs);
      },
    });
    errors.push(...failures);
    return new Set([...followed, ...unfinished.map(({ commandId }) => commandId)]);
  }

  function note(plan: FollowUp, nowMs: number): void {
    const { command, isWhole, listings } = plan;
    const isGone = listings.every(({ whole }) => whole.rowsSeen === 0);
    const isOld = command.requestedAt !== null && nowMs - Date.parse(command.requestedAt) > RETENTION_MS;
    if (isWhole || (isGone && isOld)) {
      noteListed(deps.db, deps.source, command, { at: isoFromMs(deps.now().getTime()), isForgotten: isGone && isOld });
    }
  }

  function countPart(_listing: Listing, end: 'complete' | 'cut' | 'again' | 'failed'): void {
    if (end === 'cut') options.onParts({ planned: 1 });
    if (end === 'complete' || end === 'failed') options.onParts({ ended: 1 });
  }

  /** Both clocks at a moment of this machine's, by the service's last dated reply; without one, this machine's alone. */
  function times(localMs = deps.now().getTime()): PassTimes {
    const skewMs = deps.source.clockSkewMs() ?? 0;
    const serviceMs = localMs + skewMs;
    return {
      earliestNowMs: Math.min(localMs, serviceMs),
      // A reply's date has whole seconds: a clock that is ahead may be so by one more.
      latestNowMs: Math.max(localMs, skewMs > 0 ? serviceMs + SECOND_MS : serviceMs),
      settlingMs: options.settlingMs,
      overlapMs: options.overlapMs,
    };
  }
}

function isWholeEnd({ listings }: FollowUp): boolean {
  return listings.every(({ whole }) => whole.openParts === 0 && !whole.isFailed);
}
