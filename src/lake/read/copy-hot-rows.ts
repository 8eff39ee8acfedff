import type { Database } from 'better-sqlite3';
import { outputsOfState } from '../../archive/shared/outputs-of-state.ts';
import { batchDigest } from '../../ledger/entries/entries.ts';
import { decodeStates } from '../../model/state-codec.ts';
import type { RowsOfTable } from '../restore/lake-rows.ts';
import { putStates } from '../restore/put-states.ts';
import type { LakeRow } from '../tables/lake-table.ts';

const PARTS = ['plugins', 'revisions', 'full_outputs', 'output_queue'] as const;

/**
 * Copies the archive's own invocations with these ids, and all that belongs to them, into the temporary tables in front of
 * the archive's. Call it in a transaction.
 */
export function copyHotRows(sqlite: Database, ids: readonly number[]): void {
  if (ids.length === 0) return;
  const all = JSON.stringify(ids);
  sqlite.prepare(`INSERT INTO temp.invocations SELECT * FROM main.invocations WHERE id IN ${IDS}`).run(all);
  const states = statesOf(sqlite, all);
  putStates(sqlite, 'temp', states);
  copyOutputs(sqlite, all, states);
  for (const part of PARTS) copyPart(sqlite, part, all);
}

const IDS = '(SELECT value FROM json_each(?))';

/**
 * Reads the states from the archive's own batches, with the salt and the first digest of each batch. A batch may have some
 * states here, and some in the lake.
 */
function statesOf(sqlite: Database, ids: string): RowsOfTable {
  const rows = sqlite
    .prepare<
      [string],
      {
        batchId: number;
        line: number;
        states: Buffer;
        salt: Buffer | null;
        dictionary: Buffer;
        original: Buffer | null;
      }
    >(
      `SELECT r.page_id AS batchId, r.line, p.states, p.salt, d.bytes AS dictionary,
              coalesce((SELECT original_sha256 FROM main.pruned_pages WHERE page_id = p.id),
                       (SELECT original_sha256 FROM main.sealed_pages WHERE page_id = p.id)) AS original
         FROM main.revisions r JOIN main.revision_pages p ON p.id = r.page_id
         JOIN main.state_dictionaries d ON d.id = p.dictionary_id WHERE r.invocation_id IN ${IDS} ORDER BY r.page_id`,
    )
    .iterate(ids);
  let last: { batchId: number; lines: string[]; salt: string | null; digest: string } | undefined;
  const found: LakeRow[] = [];
  for (const { batchId, line, states, salt, dictionary, original } of rows) {
    if (last?.batchId !== batchId)
      last = {
        ...{ batchId, lines: decodeStates(states, dictionary), salt: salt?.toString('hex') ?? null },
        digest: (original ?? batchDigest(states, salt)).toString('hex'),
      };
    found.push([batchId, line, last.lines[line] ?? '', last.salt, last.digest]);
  }
  return { columns: ['page_id', 'line', 'state_json', 'page_salt', 'page_sha256'], rows: found };
}

/** Copies the outputs that the rows name, and those that only earlier states name, by their digests. */
function copyOutputs(sqlite: Database, ids: string, { rows }: RowsOfTable): void {
  const digests = new Set(rows.flatMap(([, , state]) => outputsOfState(String(state))));
  sqlite
    .prepare(
      `INSERT INTO temp.outputs (sha256, text, size_bytes) SELECT sha256, text, size_bytes FROM main.outputs WHERE id IN (
         SELECT output_id FROM main.plugins WHERE invocation_id IN ${IDS}
         UNION SELECT output_id FROM main.full_outputs WHERE invocation_id IN ${IDS}
         UNION SELECT o.id FROM json_each(?) j JOIN main.outputs o ON o.sha256 = unhex(j.value))
       ORDER BY id ON CONFLICT (sha256) DO NOTHING`,
    )
    .run(ids, ids, JSON.stringify([...digests]));
}

/** Copies rows, with the ids that their outputs have in the temporary table. */
function copyPart(sqlite: Database, part: string, ids: string): void {
  const names = sqlite
    .prepare<[string], string>("SELECT name FROM pragma_table_info(?, 'main') ORDER BY cid")
    .pluck()
    .all(part);
  const columns = names.map((name) =>
    name === 'output_id'
      ? '(SELECT t.id FROM main.outputs o JOIN temp.outputs t ON t.sha256 = o.sha256 WHERE o.id = p.output_id)'
      : `p."${name}"`,
  );
  sqlite
    .prepare(
      `INSERT INTO temp.${part} (${names.join(', ')}) SELECT ${columns.join(', ')} FROM main.${part} p
        WHERE p.invocation_id IN ${IDS}`,
    )
    .run(ids);
}
