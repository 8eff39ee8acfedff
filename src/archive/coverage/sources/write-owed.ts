import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../../db/prepare-once.ts';
import { createLedger } from '../../../ledger/create-ledger.ts';
import { rowEntry } from '../../../ledger/entries/entries.ts';
import { readRow } from '../../../ledger/entries/read-row.ts';

/** The columns of a row that may change later: facts learnt from the service's answers, and the end. */
export interface OwedChange {
  account_id?: string;
  region?: string;
  ended_at?: string;
  ended_by?: string;
  end_reason?: string | null;
  is_double?: number;
}

/** Adds a source that is owed, with its entry in the ledger. Call it within a transaction. */
export function addOwed(
  sqlite: Database,
  owed: { alias: string; accountId: string | undefined; region: string | undefined; sinceAt: string },
): void {
  const { lastInsertRowid } = prepareOnce<unknown[], never>(
    sqlite,
    'INSERT INTO owed_sources (alias, account_id, region, since_at) VALUES (?, ?, ?, ?)',
  ).run(owed.alias, owed.accountId ?? null, owed.region ?? null, owed.sinceAt);
  note(sqlite, Number(lastInsertRowid));
}

/**
 * Writes what was learnt about a source that is owed, or its end, with an entry in the ledger. Call it within a
 * transaction.
 */
export function changeOwed(sqlite: Database, id: number, change: OwedChange): void {
  const columns = Object.keys(change).map((column) => `${column} = :${column}`);
  prepareOnce<[object], never>(sqlite, `UPDATE owed_sources SET ${columns.join(', ')} WHERE id = :id`).run({
    ...change,
    id,
  });
  note(sqlite, id);
}

function note(sqlite: Database, id: number): void {
  createLedger(sqlite).add('row', [rowEntry('owed_sources', readRow(sqlite, 'owed_sources', { id }))]);
}
