import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../../db/prepare-once.ts';
import { lastPassOf } from './last-pass.ts';
import { listOwed } from './list-owed.ts';
import type { OwedSource } from './owed-source.ts';

/** A source that is owed and was never collected, and how its last pass ended. */
export interface MissingSource extends Pick<OwedSource, 'alias' | 'accountId' | 'region' | 'sinceAt'> {
  lastError: string | null;
  lastTriedAt: string | null;
}

/** A source whose account, or region, is not known because it never answered. `endedAt` is null while it is owed. */
export type UnknownSource = MissingSource & Pick<OwedSource, 'endedAt'>;

/** Everything that is owed now and has nothing listed completely yet, whether its account is known or not. */
export function listMissing(sqlite: Database): MissingSource[] {
  const isCovered = prepareOnce<unknown[], { n: number }>(
    sqlite,
    'SELECT 1 AS n FROM main.coverage WHERE account_id = ? AND region = ? LIMIT 1',
  );
  const known = listOwed(sqlite)
    .filter(({ endedAt, accountId, region }) => endedAt === null && accountId !== null && region !== null)
    .filter(({ accountId, region }) => !isCovered.get(accountId, region))
    .map((owed) => withLastPass(sqlite, owed));
  const unknown = listUnknown(sqlite).filter(({ endedAt }) => endedAt === null);
  return [...known, ...unknown.map(({ endedAt: _, ...source }) => source)];
}

/** The sources whose account or region is not known, including ended ones. */
export function listUnknown(sqlite: Database): UnknownSource[] {
  const owed = listOwed(sqlite);
  if (owed.length === 0) return namelessOfNewestPass(sqlite);
  return owed
    .filter(({ accountId, region, isDouble }) => (accountId === null || region === null) && isDouble === 0)
    .map((source) => ({ ...withLastPass(sqlite, source), endedAt: source.endedAt }));
}

function withLastPass(sqlite: Database, source: OwedSource): MissingSource {
  const { alias, accountId, region, sinceAt } = source;
  const last = lastPassOf(sqlite, source);
  return { alias, accountId, region, sinceAt, lastError: last?.error ?? null, lastTriedAt: last?.finishedAt ?? null };
}

/**
 * For archives of older versions, which have no record of owed sources: the sources of the newest pass whose account is
 * not known.
 */
function namelessOfNewestPass(sqlite: Database): UnknownSource[] {
  return prepareOnce<[], UnknownSource>(
    sqlite,
    `SELECT alias, NULL AS accountId, nullif(region, '') AS region, started_at AS sinceAt, NULL AS endedAt, error AS lastError,
            finished_at AS lastTriedAt
       FROM main.run_sources WHERE run_id = (SELECT max(id) FROM main.runs) AND account_id IS NULL ORDER BY alias, region`,
  ).all();
}
