import { assumeSpread, readSpread } from '../archive/coverage/read-spread.ts';
import { listUnendedCommands, markListedTo, readListedTo } from '../archive/record/command-listings.ts';
import { listCovered } from '../archive/record/mark-covered.ts';
import type { Outcome } from '../archive/record/record-run.ts';
import { listUnfinished, noteListed, rememberExecuting } from '../archive/record/unfinished-commands.ts';
import { isoFromMs, SECOND_MS } from '../lib/time.ts';
import { COVERAGE_HEADER } from '../model/coverage/coverage-statement.ts';
import { RETENTION_MS } from '../model/coverage/retention.ts';
import type { Span } from '../model/coverage/spans.ts';
import type { ObservedCommand } from '../model/observed-command.ts';
import { OperationUnknown } from '../upstream/errors.ts';
import { coveredOf } from './account/covered-of.ts';
import { classifyFailure } from './list/classify-failure.ts';
import { lookAgain } from './looks/look-again.ts';
import type { Listing } from './plan/listing.ts';
import { type FollowUp, planFollowUp } from './plan/plan-follow-up.ts';
import {
  commandListing,
  commandsListing,
  coverableSpan,
  executingListing,
  type PassTimes,
  planSlices,
} from './plan/plan-pass.ts';
import { type SweepDeps, sweepListings } from './sweep-listings.ts';

export interface CollectOptions {
  settlingMs: number;
  overlapMs: number;
  /** How long after its command an invocation is assumed to be requested at most, so far as none was seen that came later. */
  spreadMs: number;
  /** How many calls may look again at what is final. */
  lateLooks: number;
  /** Lists this span, covered or not, in place of what is due. */
  only?: Span | undefined;
  /** Whether another archive is asked in the service's place: only what it states may count as covered. */
  isOfArchive: boolean;
  /** Told how many parts there are to list, and which of them have ended. */
  onParts(change: { planned?: number; ended?: number }): void;
}

const UNSTATED = `The archive that is asked in the service's place (SSM_ARCHIVE_UPSTREAM) does not say what it has of the span: its pages have no ${COVERAGE_HEADER}. What it showed is kept, and nothing of it counts as covered. Correct the address, or let the proxy on the way pass that header.`;

/** How a source ended: `errors` has a sentence for each thing that could not be collected. */
export interface Collected {
  outcome: Outcome;
  errors: string[];
  warnings: string[];
}

/**
 * One pass over one source: the commands that execute now are remembered, what was unfinished before is listed by command,
 * what is final is looked at again now and then, then slices of time, then what those brought unfinished. The commands come first: one that starts later lies after what
 * the slices may call covered; and no slice counts as covered before what earlier commands have brought since is here.
 * Never throws for the source's own failures; database errors and a lost lease do come through.
 */
export async function collectSource(deps: SweepDeps, options: CollectOptions): Promise<Collected> {
  const errors: string[] = [];
  const warnings: string[] = [];
  const seenCommands = new Set<string>();
  // Before the first listing: what begins while executing commands are listed is newer than all that may be covered.
  const begunAtMs = deps.now().getTime();
  try {
    assumeSpread(deps.db.sqlite, deps.source, options.spreadMs);
    const executing = await listExecuting();
    const followed = await followUp(executing === 'known', new Set());
    if (!options.only) await lookAtFinal();
    await listSlices(executing);
    await followUp(executing === 'known', followed);
    if (executing === 'known') await listUnended();
    return { outcome: errors.length > 0 ? 'failed' : 'complete', errors, warnings };
  } catch (error) {
    const { kind, sentence } = classifyFailure(error);
    if (kind === 'interrupted' || deps.signal.aborted) return { outcome: 'interrupted', errors, warnings };
    if (kind === 'fatal') throw error;
    return { outcome: 'failed', errors: [...errors, sentence], warnings };
  }

  /** Before the slices: what they bring has only just been looked at. What fails of it keeps nothing else from being collected. */
  async function lookAtFinal(): Promise<void> {
    const { earliestNowMs, latestNowMs } = times();
    try {
      errors.push(...(await lookAgain(deps, { mostCalls: options.lateLooks, earliestNowMs, latestNowMs })));
    } catch (error) {
      const { kind, sentence } = classifyFailure(error);
      if (kind !== 'failed' && kind !== 'source') throw error;
      errors.push(sentence);
    }
  }

  /** `unknown` where the service has no ListCommands: what depends on it is then learnt in dearer ways. */
  async function listExecuting(): Promise<'known' | 'unknown' | 'failed'> {
    const commands = new Map<string, ObservedCommand>();
    try {
      const failures = await sweepListings(deps, [executingListing(times(begunAtMs))], {
        onCommands: (observed) => {
          for (const command of observed) commands.set(command.commandId, command);
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
    rememberExecuting(deps.db.sqlite, deps.source, [...commands.values()], isoFromMs(deps.now().getTime()));
    for (const commandId of commands.keys()) seenCommands.add(commandId);
    return 'known';
  }

  /** Invocations by slices of time, and beside them the commands that were sent since they were last listed. */
  async function listSlices(executing: 'known' | 'unknown' | 'failed'): Promise<void> {
    const begun = times(begunAtMs);
    const coverable = coverableSpan(begun);
    const slices = planSlices(begun, listCovered(deps.db.sqlite, deps.source), options.only);
    const commands = commandsListing(begun, readListedTo(deps.db.sqlite, deps.source), options.only);
    const listings = executing === 'known' ? [...slices, commands] : slices;
    options.onParts({ planned: listings.length });
    let isUnstated = false;
    const failures = await sweepListings(deps, listings, {
      coverable(span, upstream) {
        if (executing === 'failed') return [];
        if (options.isOfArchive && upstream.length === 0) {
          isUnstated = true;
          return [];
        }
        // Rows that passed the cutoff while the slice was being listed may have been missed.
        const cutoff = Math.max(coverable.from, times().latestNowMs - RETENTION_MS);
        const spreadMs = readSpread(deps.db.sqlite, deps.source);
        return coveredOf({ from: span.from, to: Math.min(span.to, coverable.to) }, { cutoff, spreadMs }, upstream);
      },
      onCommands: (observed) => {
        for (const { commandId } of observed) seenCommands.add(commandId);
      },
      onPart(listing, end) {
        countPart(listing, end);
        const { whole } = commands;
        if (listing.whole === whole && whole.openParts === 0 && !whole.isFailed && !options.only)
          markListedTo(deps.db.sqlite, deps.source, coverable.to);
      },
    });
    errors.push(...failures);
    if (isUnstated) errors.push(UNSTATED);
  }

  /** The last word on commands that have ended since they were seen, and were sent too long ago to be listed again by time. */
  async function listUnended(): Promise<void> {
    const nowMs = times().latestNowMs;
    const listings = listUnendedCommands(deps.db.sqlite, deps.source, nowMs - RETENTION_MS)
      .filter(({ commandId }) => !seenCommands.has(commandId))
      .map(({ commandId, requestedAt }) => commandListing(commandId, Date.parse(requestedAt), nowMs));
    options.onParts({ planned: listings.length });
    errors.push(...(await sweepListings(deps, listings, { onPart: countPart })));
  }

  /** Lists what is unfinished, but for the commands given; returns the ids of those and of what it listed. */
  async function followUp(knowsExecuting: boolean, followed: ReadonlySet<string>): Promise<ReadonlySet<string>> {
    const nowMs = times().latestNowMs;
    const unfinished = listUnfinished(deps.db.sqlite, deps.source).filter(({ commandId }) => !followed.has(commandId));
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
      noteListed(deps.db.sqlite, deps.source, command, {
        at: isoFromMs(deps.now().getTime()),
        isForgotten: isGone && isOld,
      });
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
