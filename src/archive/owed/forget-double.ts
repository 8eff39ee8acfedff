import type { Database } from 'better-sqlite3';
import { listOwed } from './list-owed.ts';
import { changeOwed } from './write-owed.ts';

/** A source that turned out to be the account and region of another one, and the sentence that says of which. */
export interface DoubleSource {
  alias: string;
  /** As the pass had it; undefined where it had none. */
  region: string | undefined;
  sentence: string;
  at: string;
}

/**
 * Ends the row of a source of unknown account that turned out to be a double: what it is of is owed, and collected, by the other's name.
 * Until it answers as another account, or fails otherwise, passes do not owe it again. A source whose account was known stays owed.
 */
export function forgetDouble(sqlite: Database, { alias, region, sentence, at }: DoubleSource): void {
  sqlite
    .transaction(() => {
      const doubles = listOwed(sqlite).filter(
        (owed) =>
          owed.endedAt === null &&
          owed.alias === alias &&
          owed.accountId === null &&
          (owed.region === null || region === undefined || owed.region === region),
      );
      for (const { id } of doubles)
        changeOwed(sqlite, id, { ended_at: at, ended_by: 'ssm-archive', end_reason: sentence, is_double: 1 });
    })
    .immediate();
}
