import type { Database } from 'better-sqlite3';
import { listOwed } from './list-owed.ts';
import type { OwedSource } from './owed-source.ts';
import { changeOwed } from './write-owed.ts';

/**
 * A source that turned out to have the same account and region as another source, and a sentence that names the other
 * source.
 */
export interface DoubleSource {
  alias: string;
  /** The region in the pass's configuration; undefined if the configuration names none. */
  region: string | undefined;
  sentence: string;
  at: string;
  /** The other source, which is collected, with the account and region that both sources have. */
  other: { alias: string; accountId: string; region: string };
}

/**
 * Ends the row of a source that turned out to be a duplicate: its account and region are owed and collected under
 * another source's name. Passes make the source owed again only if it answers as another account or fails in another
 * way. Two kinds of rows stay owed: a row of the same account that was owed before the other source (only this row owes
 * that earlier time), and a row of an account that the source had before.
 */
export function forgetDouble(sqlite: Database, { alias, region, sentence, at, other }: DoubleSource): void {
  sqlite
    .transaction(() => {
      const owed = listOwed(sqlite).filter(({ endedAt }) => endedAt === null);
      const isOther = (row: OwedSource) =>
        row.alias === other.alias && row.accountId === other.accountId && row.region === other.region;
      const doubles = owed.filter(
        (row) =>
          row.alias === alias &&
          (row.accountId === null
            ? row.region === null || region === undefined || row.region === region
            : row.accountId === other.accountId &&
              row.region === other.region &&
              owed.some((each) => isOther(each) && each.sinceAt <= row.sinceAt)),
      );
      for (const { id } of doubles)
        changeOwed(sqlite, id, { ended_at: at, ended_by: 'ssm-archive', end_reason: sentence, is_double: 1 });
    })
    .immediate();
}
