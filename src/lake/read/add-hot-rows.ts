import type { Database } from 'better-sqlite3';
import type { SealedKey } from '../../archive/sealed/sealed-days.ts';
import { decodeStates } from '../../model/state-codec.ts';
import type { RowsOfTable } from '../restore/lake-rows.ts';
import { putStates } from '../restore/put-states.ts';
import type { LakeRow } from '../tables/lake-table.ts';

const PARTS = ['plugins', 'revisions', 'full_outputs', 'output_queue'] as const;

/** Adds the archive's own rows of a command, or of one of its invocations, to the temporary tables. */
export function addHotRows(cold: Database, { accountId, region, commandId, instanceId }: SealedKey): void {
  const ids = cold
    .prepare<[object], number>(
      `SELECT id FROM main.invocations WHERE command_id = :commandId AND account_id = :accountId AND region = :region
        AND (:instanceId IS NULL OR instance_id = :instanceId)`,
    )
    .pluck()
    .all({ commandId, accountId, region, instanceId: instanceId ?? null });
  if (ids.length === 0) return;
  const all = JSON.stringify(ids);
  const of = '(SELECT value FROM json_each(?))';
  cold.transaction(() => {
    cold.prepare(`INSERT INTO temp.invocations SELECT * FROM main.invocations WHERE id IN ${of}`).run(all);
    putStates(cold, 'temp', statesOf(cold, all));
    addOutputs(cold);
    for (const part of PARTS) addPart(cold, part, all);
  })();

  function addOutputs(sqlite: Database): void {
    sqlite
      .prepare(
        `INSERT INTO temp.outputs (sha256, text, size_bytes) SELECT sha256, text, size_bytes FROM main.outputs WHERE id IN (
           SELECT output_id FROM main.plugins WHERE invocation_id IN ${of}
           UNION SELECT output_id FROM main.full_outputs WHERE invocation_id IN ${of})
         ORDER BY id ON CONFLICT (sha256) DO NOTHING`,
      )
      .run(all, all);
  }
}

/** Reads the states from the archive's own batches. A batch may have some states here, and some in the lake. */
function statesOf(cold: Database, ids: string): RowsOfTable {
  const rows = cold
    .prepare<[string], { batchId: number; line: number; states: Buffer; dictionary: Buffer }>(
      `SELECT r.page_id AS batchId, r.line, p.states, d.bytes AS dictionary FROM main.revisions r
         JOIN main.revision_pages p ON p.id = r.page_id JOIN main.state_dictionaries d ON d.id = p.dictionary_id
        WHERE r.invocation_id IN (SELECT value FROM json_each(?)) ORDER BY r.page_id`,
    )
    .iterate(ids);
  let last: { batchId: number; lines: string[] } | undefined;
  const found: LakeRow[] = [];
  for (const { batchId, line, states, dictionary } of rows) {
    if (last?.batchId !== batchId) last = { batchId, lines: decodeStates(states, dictionary) };
    found.push([batchId, line, last.lines[line] ?? '']);
  }
  return { columns: ['page_id', 'line', 'state_json'], rows: found };
}

/** Copies rows, with the ids that their outputs have in the temporary table. */
function addPart(sqlite: Database, part: string, ids: string): void {
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
        WHERE p.invocation_id IN (SELECT value FROM json_each(?))`,
    )
    .run(ids);
}
