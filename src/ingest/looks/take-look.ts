import { collectListings } from '../collect-listings.ts';
import type { Listing } from '../plan/listing.ts';
import { followWholes, isListed } from '../plan/whole.ts';
import type { Looking } from './looking.ts';

/**
 * The invocations that a listing showed, by command and node, and whether it came to its end: only in that case has its
 * whole span been looked at.
 */
export interface Look {
  isWhole: boolean;
  shown: Set<string>;
  replies: number;
}

/**
 * Makes one listing, and records it like any other. A failure is added to the pass's errors; what ends the source is
 * thrown.
 */
export async function takeLook({ deps, callsLeft, errors }: Looking, planned: Listing): Promise<Look> {
  const listing = { ...planned, mostReplies: callsLeft() };
  const { tally } = deps.progress;
  const repliesBefore = tally.pages;
  const wholeAfter = followWholes([listing]);
  const shown = new Set<string>();
  const failures: string[] = [];
  let isWhole = false;
  for await (const event of collectListings(deps, [listing])) {
    isWhole = isListed(wholeAfter(event));
    if (event.kind === 'recorded')
      for (const { commandId, instanceId } of event.invocations) shown.add(`${commandId} ${instanceId}`);
    else if (event.sentence !== undefined) failures.push(event.sentence);
  }
  errors.push(...failures);
  return { isWhole, shown, replies: tally.pages - repliesBefore };
}
