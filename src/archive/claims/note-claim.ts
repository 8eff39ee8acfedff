import type { Database } from 'better-sqlite3';
import { createLedger } from '../../ledger/create-ledger.ts';
import { rowEntry } from '../../ledger/entries/entries.ts';
import { readRow } from '../../ledger/entries/read-row.ts';
import { type Claim, findClaim } from './list-claims.ts';

/**
 * Writes down that this archive has claimed or released an account and region, and adds an entry to the ledger. Does
 * nothing if the row says the same already.
 */
export function noteClaim(sqlite: Database, claim: Claim): void {
  sqlite
    .transaction(() => {
      const before = findClaim(sqlite, claim);
      if (before?.turn === claim.turn && before.releasedAt === claim.releasedAt) return;
      sqlite
        .prepare<[object], never>(
          before
            ? `UPDATE lake_claims SET turn = :turn, from_day = :fromDay, claimed_at = :claimedAt, claimed_by = :claimedBy,
                 until_day = :untilDay, released_at = :releasedAt, released_by = :releasedBy
                WHERE account_id = :accountId AND region = :region`
            : `INSERT INTO lake_claims (account_id, region, turn, from_day, claimed_at, claimed_by, until_day, released_at, released_by)
                VALUES (:accountId, :region, :turn, :fromDay, :claimedAt, :claimedBy, :untilDay, :releasedAt, :releasedBy)`,
        )
        .run(claim);
      const { accountId, region } = claim;
      const row = readRow(sqlite, 'lake_claims', { account_id: accountId, region });
      createLedger(sqlite).add('row', [rowEntry('lake_claims', row)]);
    })
    .immediate();
}
