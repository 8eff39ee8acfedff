import { findClaim } from '../../archive/claims/list-claims.ts';
import { noteClaim } from '../../archive/claims/note-claim.ts';
import { UserFault } from '../../lib/errors/user-fault.ts';
import { isoFromMs } from '../../lib/time.ts';
import type { SourceKey } from '../../model/observed-invocation.ts';
import { isOwnTurn } from './claim-place.ts';
import type { OwnerDeps } from './owner-deps.ts';
import { keyOfTurn, type PlaceTurn } from './owner-files.ts';
import { putOnce } from './put-once.ts';
import { readNewestTurn } from './read-owner-files.ts';
import { countUnsealed, dayAfterLast } from './rows-of-place.ts';
import { sayOwner } from './say-owner.ts';

/**
 * Gives an account and region up, so that another archive may claim it. Throws UserFault if this archive does not own
 * it, or if it has invocations of it that are not sealed: nobody could seal them afterwards. Returns the release.
 */
export async function releasePlace(deps: OwnerDeps, place: SourceKey, by: string): Promise<PlaceTurn> {
  const { sqlite, store, now } = deps;
  const name = `${place.accountId} ${place.region}`;
  const newest = await readNewestTurn(store, place);
  if (!newest)
    throw new UserFault(`No archive of the lake ${store.name} has claimed ${name}, so there is nothing to release.`);
  if (!isOwnTurn(deps, newest)) throw new UserFault(`${sayOwner(newest)} Only that archive can release it.`);
  const released = newest.state === 'released' ? newest : releaseOf(newest, { at: isoFromMs(now().getTime()), by });
  if (newest.state === 'claimed') {
    const unsealed = countUnsealed(sqlite, place);
    if (unsealed > 0)
      throw new UserFault(
        `This archive has ${unsealed.toLocaleString('en-US')} ${unsealed === 1 ? 'invocation' : 'invocations'} of ${name} that ${unsealed === 1 ? 'is' : 'are'} not sealed yet, so it is not released. End its source here, wait until all of its days are sealed ("ssm-archive seal --dry-run" says which day waits, and why), and release it then.`,
      );
    released.until = later(dayAfterLast(sqlite, place), newest.before?.day ?? null);
    if (!(await putOnce(deps, keyOfTurn(place, released.turn), released))) return releasePlace(deps, place, by);
  }
  const { turn, before, until, at, by: who } = released;
  const claim = findClaim(sqlite, place);
  noteClaim(sqlite, {
    ...place,
    ...{ turn, fromDay: before?.day ?? null, untilDay: until, releasedAt: at, releasedBy: who },
    ...{ claimedAt: claim?.claimedAt ?? newest.at, claimedBy: claim?.claimedBy ?? newest.by },
  });
  return released;
}

function releaseOf(claimed: PlaceTurn, { at, by }: { at: string; by: string }): PlaceTurn {
  return { ...claimed, turn: claimed.turn + 1, state: 'released', at, by };
}

function later(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}
