import type { Listing } from './listing.ts';
import type { ListingEvent } from './listing-event.ts';

/**
 * The state of a whole. A whole is what was planned as one: a listing with the parts that it was cut into, or several
 * listings together.
 */
export interface Whole {
  /** The number of parts that are still to be listed. */
  openParts: number;
  /** Whether one of its parts was given up. */
  hasFailed: boolean;
  rowsSeen: number;
}

/** Returns the whole after an event of one of its parts. */
function afterEvent(whole: Whole, event: ListingEvent): Whole {
  if (event.kind === 'recorded') return { ...whole, rowsSeen: whole.rowsSeen + event.tally.seen };
  switch (event.end) {
    case 'again':
      return whole;
    case 'cut':
      return { ...whole, openParts: whole.openParts + 1 };
    case 'complete':
      return { ...whole, openParts: whole.openParts - 1 };
    case 'bounded':
    case 'failed':
      return { ...whole, openParts: whole.openParts - 1, hasFailed: true };
  }
}

/** Whether all parts were listed to their ends. */
export function isListed({ openParts, hasFailed }: Whole): boolean {
  return openParts === 0 && !hasFailed;
}

/**
 * Counts the wholes of these listings, by their names. The returned function takes an event and returns its whole after
 * that event.
 */
export function followWholes(listings: readonly Listing[]): (event: ListingEvent) => Whole {
  const wholes = new Map<string, Whole>();
  const of = (name: string) => wholes.get(name) ?? { openParts: 0, hasFailed: false, rowsSeen: 0 };
  for (const { whole } of listings) wholes.set(whole, { ...of(whole), openParts: of(whole).openParts + 1 });
  return (event) => {
    const { whole } = event.listing;
    const after = afterEvent(of(whole), event);
    wholes.set(whole, after);
    return after;
  };
}
