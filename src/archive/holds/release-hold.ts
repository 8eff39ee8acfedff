import type { Database } from 'better-sqlite3';
import { createLedger } from '../../ledger/create-ledger.ts';
import { rowEntry } from '../../ledger/entries/entries.ts';
import { readRow } from '../../ledger/entries/read-row.ts';
import { UserFault } from '../../lib/errors/user-fault.ts';

const MOST_TOLD = 10;

/**
 * Ends a hold and adds an entry about that to the ledger. The hold's row stays. Throws UserFault if there is no such
 * hold, or if it was released before.
 */
export function releaseHold(
  sqlite: Database,
  { id, reason, by, at }: { id: number; reason: string; by: string; at: string },
): void {
  sqlite
    .transaction(() => {
      const { changes } = sqlite
        .prepare(
          'UPDATE holds SET release_reason = ?, released_by = ?, released_at = ? WHERE id = ? AND released_at IS NULL',
        )
        .run(reason, by, at, id);
      if (changes === 0) {
        const known = sqlite.prepare('SELECT released_at FROM holds WHERE id = ?').pluck().get(id);
        const why =
          known === undefined ? `There is no hold ${id}` : `Hold ${id} was already released at ${String(known)}`;
        throw new UserFault(`${why}. ${inForce(sqlite)}"ssm-archive hold list" shows all holds.`, {
          exitCode: 2,
        });
      }
      createLedger(sqlite).add('row', [rowEntry('holds', readRow(sqlite, 'holds', { id }))]);
    })
    .immediate();
}

/** Returns a sentence that names the holds in force, ten of them at most. */
function inForce(sqlite: Database): string {
  const ids = sqlite
    .prepare<[number], number>('SELECT id FROM holds WHERE released_at IS NULL ORDER BY id LIMIT ?')
    .pluck()
    .all(MOST_TOLD);
  if (ids.length === 0) return 'No hold is in force. ';
  return ids.length === 1
    ? `Hold ${ids[0]} is in force. `
    : `The holds ${ids.join(', ')}${ids.length === MOST_TOLD ? ', …' : ''} are in force. `;
}
