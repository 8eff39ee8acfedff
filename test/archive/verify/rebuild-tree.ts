import type { Database } from 'better-sqlite3';
import { sizeToVerify } from '../../../src/archive/verify/plan-parts.ts';
import { verifyLeaves } from '../../../src/archive/verify/verify-leaves.ts';
import { tileStore } from '../../../src/ledger/tiles/tile-store.ts';
import { HASH_BYTES } from '../../../src/ledger/tiles/tiles.ts';
import { appendLeaves } from '../../../src/ledger/tree/append-leaves.ts';

/**
 * Rebuilds the tree over the first leaves from the present rows. Anybody who has this program can do that without a
 * key.
 */
export function rebuildTree(sqlite: Database, size = sizeToVerify(sqlite)): void {
  const { hashes } = verifyLeaves(sqlite, { from: 0, to: size });
  sqlite.exec('DELETE FROM ledger_tiles');
  const leaves = Array.from({ length: size }, (_, n) => hashes.subarray(n * HASH_BYTES, (n + 1) * HASH_BYTES));
  appendLeaves(tileStore(sqlite), 0, leaves);
}

/** Removes every trace of a signature, closes the gaps that this leaves in the leaf numbers, and rebuilds the tree. */
export function unsign(sqlite: Database): void {
  sqlite.exec(`
    DELETE FROM ledger_checkpoints;
    DELETE FROM ledger_cosignatures;
    DELETE FROM ledger_entries WHERE kind IN ('key', 'checkpoint', 'witness', 'cosignature');
    CREATE TEMP TABLE numbers AS
      SELECT seq, row_number() OVER (ORDER BY seq) AS now FROM (SELECT seq FROM revisions UNION ALL SELECT seq FROM ledger_entries);
    UPDATE revisions SET seq = -(SELECT now FROM numbers n WHERE n.seq = revisions.seq);
    UPDATE ledger_entries SET seq = -(SELECT now FROM numbers n WHERE n.seq = ledger_entries.seq);
    UPDATE command_states SET seq = -(SELECT now FROM numbers n WHERE n.seq = command_states.seq);
    UPDATE full_outputs SET seq = -(SELECT now FROM numbers n WHERE n.seq = full_outputs.seq);
    UPDATE revisions SET seq = -seq;
    UPDATE full_outputs SET seq = -seq;
    UPDATE command_states SET seq = -seq;
    UPDATE ledger_entries SET seq = -seq;`);
  const size = Number(sqlite.prepare('SELECT max(now) FROM numbers').pluck().get());
  sqlite.exec('DROP TABLE numbers');
  rebuildTree(sqlite, size);
}
