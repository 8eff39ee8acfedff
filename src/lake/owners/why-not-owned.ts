import type { Database } from 'better-sqlite3';
import { listPlacesOfOthers, type PlaceOfOther } from '../../archive/claims/places-of-others.ts';
import { readArchiveNumber } from '../../archive/number/read-archive-number.ts';
import { prepareOnce } from '../../db/prepare-once.ts';
import { countNew } from './rows-of-place.ts';

/**
 * Why a day can't be sealed by this archive, as the end of a sentence that begins with the day: it has invocations of an
 * account and region that this archive does not own. Undefined if it has none. By default it is what the lake said at
 * the last seal.
 */
export function whyNotOwned(
  sqlite: Database,
  day: string,
  others: readonly PlaceOfOther[] = listPlacesOfOthers(sqlite),
): string | undefined {
  const treeSize = prepareOnce<[string], number>(sqlite, 'SELECT tree_size FROM main.sealed_days WHERE day = ?')
    .pluck()
    .get(day);
  for (const other of others) {
    if (other.beforeDay !== null && day >= other.beforeDay) continue;
    if (countNew(sqlite, { day, place: other, treeSize: treeSize ?? 0 }) > 0) return sayWhy(sqlite, other);
  }
  return undefined;
}

function sayWhy(sqlite: Database, { accountId, region, archive, beforeDay }: PlaceOfOther): string {
  const has = `has invocations of ${accountId} ${region}`;
  if (beforeDay !== null)
    return `${has}, and what was requested there before ${beforeDay} is in the lake by archive ${archive} already. Prune these days here: the lake would count them twice`;
  if (archive === readArchiveNumber(sqlite))
    return `${has}, which this archive has released. If no other archive has claimed it, "ssm-archive lake claim" takes it back`;
  return `${has}, which archive ${archive} of the lake owns. End its source here, or have that archive release it`;
}
