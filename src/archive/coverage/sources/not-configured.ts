import type { Database } from 'better-sqlite3';
import { lastPassOf } from './last-pass.ts';
import { listOwed } from './list-owed.ts';
import type { ConfiguredSource, OwedSource } from './owed-source.ts';

/** Sources that are owed but not in the configuration. They stay owed. */
export interface NotConfigured extends OwedSource {
  /** Whether a configured source collects the same account and region, for example because only the name changed. */
  isCollectedOtherwise: boolean;
}

/**
 * The sources that are owed but not in today's configuration. Each stays owed until it is ended, and no pass collects
 * it under this name.
 */
export function notConfigured(sqlite: Database, configured: readonly ConfiguredSource[]): NotConfigured[] {
  const owed = listOwed(sqlite).filter(({ endedAt }) => endedAt === null);
  const named = new Set(configured.flatMap((source) => rowsOf(sqlite, owed, source)));
  return owed
    .filter((row) => !named.has(row))
    .map((row) => ({
      ...row,
      isCollectedOtherwise:
        row.accountId !== null &&
        [...named].some(({ accountId, region }) => accountId === row.accountId && region === row.region),
    }));
}

/** The row of a configured source. If several rows match, the one that a pass tried last. */
function rowsOf(sqlite: Database, owed: readonly OwedSource[], source: ConfiguredSource): OwedSource[] {
  const possible = owed.filter(
    ({ alias, accountId, region }) =>
      alias === source.alias &&
      (accountId === null || source.accountId === undefined || accountId === source.accountId) &&
      (region === null || source.region === undefined || region === source.region),
  );
  const tried = possible.map((row) => ({ row, runId: lastPassOf(sqlite, row)?.runId ?? 0 }));
  const [newest] = tried.sort((a, b) => b.runId - a.runId || b.row.id - a.row.id);
  return newest ? [newest.row] : [];
}
