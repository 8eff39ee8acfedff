import type { Database } from 'better-sqlite3';
import { createLedger } from '../../ledger/create-ledger.ts';
import { rowEntry } from '../../ledger/entries/entries.ts';
import { readRow } from '../../ledger/entries/read-row.ts';

/**
 * The scope of a hold: the hold protects everything that matches all given members. The times are request times: the
 * first is inclusive, the second exclusive.
 */
export interface HoldScope {
  accountId?: string | undefined;
  region?: string | undefined;
  commandId?: string | undefined;
  instanceId?: string | undefined;
  fromAt?: string | undefined;
  toAt?: string | undefined;
}

export interface NewHold extends HoldScope {
  reason: string;
  placedBy: string;
  placedAt: string;
}

/**
 * Protects everything in a scope from pruning, and adds an entry about the hold to the ledger. Returns the hold's
 * number.
 */
export function placeHold(sqlite: Database, hold: NewHold): number {
  const { accountId, region, commandId, instanceId, fromAt, toAt, reason, placedBy, placedAt } = hold;
  return sqlite
    .transaction(() => {
      const { lastInsertRowid } = sqlite
        .prepare(
          `INSERT INTO holds (account_id, region, command_id, instance_id, from_at, to_at, reason, placed_by, placed_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(
          [accountId, region, commandId, instanceId, fromAt, toAt].map((value) => value ?? null),
          [reason, placedBy, placedAt],
        );
      const id = Number(lastInsertRowid);
      createLedger(sqlite).add('row', [rowEntry('holds', readRow(sqlite, 'holds', { id }))]);
      return id;
    })
    .immediate();
}
