import { type CsvForm, csvLineBy, csvLines } from '../../lib/csv/csv.ts';
import { createLineWriter, NDJSON_LINES } from '../../lib/text/line-writer.ts';
import { distinctNames } from '../../questions/sql/distinct-names.ts';
import { csvOfLake, jsonOfLake, type LakeCell } from './cell-of.ts';
import type { LakeEngine } from './open-engine.ts';
import { type LakeQuery, openLakeQuery } from './open-query.ts';

export interface SelectLinesInput extends LakeQuery {
  format: 'csv' | 'ndjson';
  csvForm: CsvForm;
}

/** Writes a query's answer as it is read: CSV with a header, or a JSON object on each line. Returns the number of rows. */
export async function selectLines(
  engine: LakeEngine,
  { format, csvForm, ...query }: SelectLinesInput,
  push: (chunk: Uint8Array) => void,
): Promise<number> {
  const opened = await openLakeQuery(engine, query);
  try {
    const names = opened.columns.map(({ name }) => name);
    const writer = createLineWriter(format === 'csv' ? csvLines(names, csvForm) : NDJSON_LINES, push);
    const keys = distinctNames(names).map((name) => JSON.stringify(name));
    const lineOf = (row: LakeCell[]) =>
      format === 'csv'
        ? csvLineBy(csvOfLake, row, csvForm)
        : `{${row.map((cell, n) => `${keys[n]}:${jsonOfLake(cell)}`).join(',')}}`;
    let rows = 0;
    for await (const row of opened.rows()) {
      rows += 1;
      writer.add(lineOf(row));
    }
    writer.end();
    return rows;
  } finally {
    opened.close();
  }
}
