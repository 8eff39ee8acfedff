import type { Listing } from '../plan/listing.ts';
import { sweepListings } from '../sweep-listings.ts';
import type { Looking } from './looking.ts';

/** What a listing showed, by command and node, and whether it came to its end: only then is all of it looked at. */
export interface Look {
  isWhole: boolean;
  shown: Set<string>;
  pages: number;
}

/** One listing, recorded as any other. What fails is told with the pass's errors; what ends the source is thrown. */
export async function takeLook({ deps, callsLeft, errors }: Looking, listing: Listing): Promise<Look> {
  const shown = new Set<string>();
  const pagesBefore = deps.total.pages;
  const failures = await sweepListings(deps, [{ ...listing, mostPages: callsLeft() }], {
    look(observed) {
      for (const { commandId, instanceId } of observed) shown.add(`${commandId} ${instanceId}`);
    },
  });
  errors.push(...failures);
  const { openParts, isFailed } = listing.whole;
  return { isWhole: openParts === 0 && !isFailed, shown, pages: deps.total.pages - pagesBefore };
}
