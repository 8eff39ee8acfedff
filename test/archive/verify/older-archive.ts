import type { Database } from 'better-sqlite3';
import { asAttacker } from './attacked-archive.ts';

/**
 * Turns an archive into one from before the ledger: revisions are numbered from 1 and have no fingerprints, and there
 * are no salts, no ledger and no fetched outputs.
 */
export function withoutLedger(sqlite: Database): void {
  asAttacker(sqlite, () =>
    sqlite.exec(`
      DELETE FROM ledger_entries;
      DELETE FROM command_states;
      CREATE TEMP TABLE fetched AS SELECT output_id AS id FROM full_outputs
       WHERE output_id NOT IN (SELECT output_id FROM plugins WHERE output_id IS NOT NULL);
      DELETE FROM full_outputs;
      DELETE FROM decoded_outputs WHERE output_id IN (SELECT id FROM fetched);
      DELETE FROM outputs_fts_docsize WHERE id IN (SELECT id FROM fetched);
      DELETE FROM outputs WHERE id IN (SELECT id FROM fetched);
      DROP TABLE fetched;
      DELETE FROM ledger_tiles;
      DELETE FROM ledger_checkpoints;
      UPDATE revision_pages SET salt = NULL;
      DELETE FROM ledger_cosignatures;
      CREATE TEMP TABLE numbers AS SELECT seq, row_number() OVER (ORDER BY seq) AS now FROM revisions;
      UPDATE revisions SET fingerprint = NULL, seq = -(SELECT now FROM numbers n WHERE n.seq = revisions.seq);
      UPDATE revisions SET seq = -seq;
      DROP TABLE numbers;`),
  );
}
