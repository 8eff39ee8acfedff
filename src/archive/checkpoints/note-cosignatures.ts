import type { Database } from 'better-sqlite3';
import { createLedger } from '../../ledger/create-ledger.ts';
import { canonicalJson } from '../../lib/json/canonical-json.ts';

/**
 * Adds a ledger entry for each cosignature that has none yet, so that `verify` notices from the next checkpoint on if a
 * cosignature is removed. Cosignatures arrive after their own checkpoint and before the next one, so only cosignatures
 * of the last cosigned checkpoint can be new.
 */
export function noteCosignatures(sqlite: Database): void {
  const rows = sqlite
    .prepare<[], { size: number; witness: string; signature: string }>(
      `SELECT size, witness, signature FROM ledger_cosignatures WHERE size = (SELECT max(size) FROM ledger_cosignatures)
        ORDER BY witness`,
    )
    .all();
  const hasEntry = sqlite
    .prepare<[object], number>(
      `SELECT 1 FROM ledger_entries WHERE seq > :size AND kind = 'cosignature'
          AND entry_json ->> '$.size' = :size AND entry_json ->> '$.witness' = :witness`,
    )
    .pluck();
  const fresh = rows.filter((row) => hasEntry.get(row) === undefined);
  createLedger(sqlite).add(
    'cosignature',
    fresh.map((row) => canonicalJson({ kind: 'cosignature', ...row })),
  );
}
