import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { listPlaces } from '../nodes/list-places.ts';
import { type AskedPlace, isAskedFor } from './sources/is-asked-for.ts';

/**
 * `lookedAt`: the archive knows the account and region up to this time, the beginning of the last complete pass. Null
 * if no pass was complete.
 */
export interface LastLook {
  accountId: string;
  region: string;
  lookedAt: string | null;
}

/**
 * When the archive last looked at each account and region that is asked for, oldest first. The time is the beginning of
 * the last complete pass, because a failed pass may have looked at nothing, and a complete pass may have read a list
 * right at its beginning.
 */
export function lastLooks(sqlite: Database, asked: AskedPlace): LastLook[] {
  const aliases = prepareOnce<[], string>(
    sqlite,
    `WITH RECURSIVE names (alias) AS (
       SELECT min(alias) FROM main.run_sources
       UNION ALL
       SELECT (SELECT min(r.alias) FROM main.run_sources r WHERE r.alias > names.alias) FROM names WHERE names.alias IS NOT NULL
     ) SELECT alias FROM names WHERE alias IS NOT NULL`,
  )
    .pluck()
    .all();
  const newest = prepareOnce<unknown[], { accountId: string; lookedAt: string }>(
    sqlite,
    `SELECT account_id AS accountId, started_at AS lookedAt FROM main.run_sources INDEXED BY run_sources_alias
      WHERE alias = ? AND region = ? AND outcome = 'complete' AND account_id IS NOT NULL AND (? IS NULL OR account_id = ?)
      ORDER BY run_id DESC LIMIT 1`,
  );
  const places = listPlaces(sqlite).filter((place) => isAskedFor(place, asked));
  const looks = new Map<string, string>();
  const note = (alias: string, region: string, accountId: string | null) => {
    const found = newest.get(alias, region, accountId, accountId);
    if (!found) return;
    const key = `${found.accountId} ${region}`;
    if (found.lookedAt > (looks.get(key) ?? '')) looks.set(key, found.lookedAt);
  };
  for (const region of new Set(places.map((place) => place.region)))
    for (const alias of aliases) note(alias, region, null);
  // A source's name may belong to another account now, so look for an older pass over this account.
  for (const { accountId, region } of places)
    if (!looks.has(`${accountId} ${region}`)) for (const alias of aliases) note(alias, region, accountId);
  return places
    .map(({ accountId, region }) => ({ accountId, region, lookedAt: looks.get(`${accountId} ${region}`) ?? null }))
    .sort((a, b) => ((a.lookedAt ?? '') < (b.lookedAt ?? '') ? -1 : 1));
}
