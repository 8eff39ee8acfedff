import { markListedTo, readListedTo } from '../../archive/record/command-listings.ts';
import { listCovered } from '../../archive/record/mark-covered.ts';
import { COVERAGE_HEADER } from '../../model/coverage/coverage-statement.ts';
import type { Span } from '../../model/coverage/spans.ts';
import { collectListings } from '../collect-listings.ts';
import { commandsListing, coverableSpan, planSlices } from '../plan/plan-pass.ts';
import { followWholes, isListed } from '../plan/whole.ts';
import { type SourcePass, timesOf } from '../source-pass.ts';
import type { ExecutingKnown } from './list-executing.ts';

const UNSTATED = `The archive that is asked instead of AWS (SSM_ARCHIVE_UPSTREAM) does not say which part of the span it has: its replies have no ${COVERAGE_HEADER}. What it showed is kept, but none of the span counts as covered. Correct the address, or let the proxy on the way pass that header.`;

interface ListedSlices {
  /** The ids of the commands that were shown. */
  commandIds: readonly string[];
  errors: readonly string[];
}

/**
 * Lists invocations by slices of time, and at the same time the commands that were sent since commands were last
 * listed.
 */
export async function listSlices(
  pass: SourcePass,
  { begunAtMs, executing, only }: { begunAtMs: number; executing: ExecutingKnown; only: Span | undefined },
): Promise<ListedSlices> {
  const { db, source, progress } = pass;
  const begun = timesOf(pass, begunAtMs);
  const coverable = coverableSpan(begun);
  const slices = planSlices(begun, listCovered(db.sqlite, source), only).map((slice) =>
    executing === 'failed' ? slice : { ...slice, mayCover: coverable },
  );
  const commands = commandsListing(begun, readListedTo(db.sqlite, source), only);
  const listings = executing === 'known' ? [...slices, commands] : slices;
  const wholeAfter = followWholes(listings);
  const commandIds: string[] = [];
  const errors: string[] = [];
  let isUnstated = false;
  progress.planned(listings.length);
  for await (const event of collectListings(pass, listings)) {
    const whole = wholeAfter(event);
    if (event.kind === 'recorded') {
      for (const { commandId } of event.commands) commandIds.push(commandId);
      continue;
    }
    progress.partEnded(event.end);
    if (event.sentence !== undefined) errors.push(event.sentence);
    isUnstated ||= event.isUnstated ?? false;
    if (event.listing.whole === commands.whole && isListed(whole) && !only)
      markListedTo(db.sqlite, source, coverable.to);
  }
  return { commandIds, errors: isUnstated ? [...errors, UNSTATED] : errors };
}
