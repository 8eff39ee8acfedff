import { listClaims } from '../../archive/claims/list-claims.ts';
import type { PlaceOfOther } from '../../archive/claims/places-of-others.ts';
import { isOwnTurn } from './claim-place.ts';
import type { OwnerDeps } from './owner-deps.ts';
import type { PlaceTurn } from './owner-files.ts';
import { newestTurns, readTurn } from './read-owner-files.ts';

/**
 * Returns what the lake says of the places that this archive does not own, or not from their beginning on. The lake is
 * listed, and only turns that this archive does not know are read.
 */
export async function lookAtOwners(deps: Pick<OwnerDeps, 'sqlite' | 'store' | 'origins'>): Promise<PlaceOfOther[]> {
  const own = new Map(
    listClaims(deps.sqlite)
      .filter(({ releasedAt, fromDay }) => releasedAt === null && fromDay === null)
      .map(({ accountId, region, turn }) => [`${accountId} ${region}`, turn]),
  );
  const others: PlaceOfOther[] = [];
  for (const place of await newestTurns(deps.store)) {
    if (own.get(`${place.accountId} ${place.region}`) === place.turn) continue;
    const turn = await readTurn(deps.store, place, place.turn);
    others.push(...partOfOther(turn, isOwnTurn(deps, turn)));
  }
  return others;
}

/** What of an account and region is not this archive's, according to its newest turn. */
export function partOfOther({ accountId, region, ...turn }: PlaceTurn, isOwn: boolean): PlaceOfOther[] {
  const { state, archive, until, before } = turn;
  const place = { accountId, region };
  // This archive may take back what it has released, but only if somebody says so.
  if (isOwn ? state === 'released' : state === 'claimed') return [{ ...place, archive, beforeDay: null }];
  if (!isOwn && until !== null) return [{ ...place, archive, beforeDay: until }];
  return before === null ? [] : [{ ...place, archive: before.archive, beforeDay: before.day }];
}
