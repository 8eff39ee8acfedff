import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import type { LakeValue } from '../tables/lake-table.ts';
import { addEntries } from './add-entries.ts';
import { bytesOf, createValueReader, type LakeRows, type RowsOfTable } from './lake-rows.ts';
import { createOutputPutter } from './put-outputs.ts';
import { putStates } from './put-states.ts';
import type { RestorableTable, RestoreTarget } from './restorable-tables.ts';

/**
 * Puts rows of the lake into the tables of the archive, or into the temporary ones in their place: with the ids, seqs
 * and batches of states that they had, only outputs may get another id. Call it in a transaction. In the archive's own
 * tables, none of the invocations may be there.
 */
export function putRows(sqlite: Database, target: RestoreTarget, rows: LakeRows): void {
  const outputIdOf = createOutputPutter(sqlite, target);
  const put = (table: RestorableTable, of: RowsOfTable | undefined) => {
    if (of && of.rows.length > 0) insertRows(sqlite, { target, table, of, outputIdOf });
  };
  put('invocations', rows.invocations);
  put('plugins', rows.plugins);
  if (rows.revisions) putStates(sqlite, target, rows.revisions);
  put('revisions', rows.revisions);
  put('full_outputs', rows.full_outputs);
  if (target === 'main' && rows.full_outputs) addEntries(sqlite, rows.full_outputs);
  put('output_queue', rows.output_queue);
  if (rows.earlier_outputs) {
    const { columns, rows: earlier } = rows.earlier_outputs;
    const read = createValueReader(columns);
    for (const row of earlier) outputIdOf(read(row, 'output'));
  }
}

interface Insertion {
  target: RestoreTarget;
  table: RestorableTable;
  of: RowsOfTable;
  outputIdOf: (text: LakeValue) => number | bigint | null;
}

function insertRows(sqlite: Database, { target, table, of: { columns, rows }, outputIdOf }: Insertion): void {
  const read = createValueReader(columns);
  const has = new Set(columns);
  // A column that the file lacks is younger than the file: it gets the value that its migration gave to old rows.
  const stored = columnsOf(sqlite, table).filter(({ name }) => has.has(name === 'output_id' ? 'output' : name));
  const insert = prepareOnce<unknown[], unknown>(
    sqlite,
    `INSERT INTO ${target}.${table} (${stored.map(({ name }) => `"${name}"`).join(', ')})
     VALUES (${stored.map(() => '?').join(', ')})`,
  );
  for (const row of rows) {
    insert.run(
      stored.map(({ name, isBytes }) => {
        if (name === 'output_id') return outputIdOf(read(row, 'output'));
        return isBytes ? bytesOf(read(row, name)) : read(row, name);
      }),
    );
  }
}

function columnsOf(sqlite: Database, table: RestorableTable): { name: string; isBytes: boolean }[] {
  return prepareOnce<[string], { name: string; type: string }>(
    sqlite,
    "SELECT name, type FROM pragma_table_info(?, 'main') ORDER BY cid",
  )
    .all(table)
    .map(({ name, type }) => ({ name, isBytes: type === 'BLOB' }));
}
