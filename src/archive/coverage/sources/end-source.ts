import type { Database } from 'better-sqlite3';
import { listOwed } from './list-owed.ts';
import type { OwedSource } from './owed-source.ts';
import { changeOwed } from './write-owed.ts';

/** Who ends a source, when, and perhaps why. */
export interface SourceEnd {
  alias: string;
  /** This region alone; all of its regions where it is not given. */
  region?: string | undefined;
  at: string;
  by: string;
  reason?: string | undefined;
}

/**
 * Ends what is owed under a name, with entries in the ledger, and gives what that was: none where nothing is owed under it. What was owed
 * until then and not collected stays missing of that time.
 */
export function endSource(sqlite: Database, { alias, region, at, by, reason }: SourceEnd): OwedSource[] {
  return sqlite
    .transaction(() => {
      const ended = listOwed(sqlite).filter(
        (owed) => owed.endedAt === null && owed.alias === alias && (region === undefined || owed.region === region),
      );
      for (const { id } of ended) changeOwed(sqlite, id, { ended_at: at, ended_by: by, end_reason: reason ?? null });
      return ended;
    })
    .immediate();
}
