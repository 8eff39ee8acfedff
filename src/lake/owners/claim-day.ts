import { findClaim } from '../../archive/claims/list-claims.ts';
import { notePlaceOfOther } from '../../archive/claims/places-of-others.ts';
import { isoFromMs } from '../../lib/time.ts';
import { claimPlace, isOwnTurn } from './claim-place.ts';
import { partOfOther } from './look-at-owners.ts';
import { ownNumber } from './own-number.ts';
import type { OwnerDeps } from './owner-deps.ts';
import { placesNewInDay } from './rows-of-place.ts';
import { whyNotOwned } from './why-not-owned.ts';

/** A day that can't be sealed: it has invocations of an account and region that this archive does not own. */
export class DayNotOwned extends Error {
  override name = 'DayNotOwned';
  readonly why: string;

  constructor(day: string, why: string) {
    super(`${day} ${why}.`);
    this.why = why;
  }
}

/**
 * Makes this archive the owner of all that a day has: claims its accounts and regions that nobody owns. Throws
 * DayNotOwned if another archive owns one of them, and NumberTaken if another archive has this one's number.
 */
export async function claimDay(deps: OwnerDeps, day: string): Promise<void> {
  const { sqlite, now } = deps;
  const places = placesNewInDay(sqlite, day).filter((place) => findClaim(sqlite, place)?.releasedAt !== null);
  if (places.length > 0) await ownNumber(deps);
  for (const place of places) {
    const turn = await claimPlace(deps, place, { by: 'seal', takesBack: false });
    for (const other of partOfOther(turn, isOwnTurn(deps, turn)))
      notePlaceOfOther(sqlite, other, isoFromMs(now().getTime()));
  }
  const why = whyNotOwned(sqlite, day);
  if (why !== undefined) throw new DayNotOwned(day, why);
}
