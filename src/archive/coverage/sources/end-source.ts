import type { Database } from 'better-sqlite3';
import { listOwed } from './list-owed.ts';
import type { OwedSource } from './owed-source.ts';
import { changeOwed } from './write-owed.ts';

/** The source to end, who ends it, when, and an optional reason. */
export interface SourceEnd {
  alias: string;
  /** If given, only this region is ended; if not, all regions. */
  region?: string | undefined;
  at: string;
  by: string;
  reason?: string | undefined;
}

/**
 * Ends the sources that are owed under a name, with entries in the ledger. Returns the ended rows: none if nothing is
 * owed under that name. What was owed until the end and was not collected stays missing.
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
