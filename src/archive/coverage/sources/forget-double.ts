import type { Database } from 'better-sqlite3';
import { listOwed } from './list-owed.ts';
import type { OwedSource } from './owed-source.ts';
import { changeOwed } from './write-owed.ts';

/** A source that turned out to be the account and region of another one, and the sentence that says of which. */
export interface DoubleSource {
  alias: string;
  /** As the pass had it; undefined where it had none. */
  region: string | undefined;
  sentence: string;
  at: string;
  /** The other one, by whose name it is collected, and the account and region of both. */
  other: { alias: string; accountId: string; region: string };
}

/**
 * Ends the row of a source that turned out to be a double: what it is of is owed, and collected, by the other's name. Until it answers as
 * another account, or fails otherwise, passes do not owe it again. One of that same account that was owed before the other stays owed, since
 * the time until then is owed by its name alone; so does one of an account that it is no more.
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
