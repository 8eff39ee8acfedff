import type { Database } from 'better-sqlite3';

/**
 * How many passes have their entry in the ledger after the first `signedLeaves` leaves, so that nobody has signed them.
 */
export function countUnsignedPasses(sqlite: Database, signedLeaves: number): number {
  return Number(
    sqlite
      .prepare(
        `SELECT count(*) FROM main.ledger_entries
          WHERE kind = 'row' AND seq > ? AND CASE WHEN json_valid(entry_json) THEN entry_json ->> '$.table' END = 'runs'`,
      )
      .pluck()
      .get(signedLeaves),
  );
}
