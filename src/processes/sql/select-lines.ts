import type { Database } from 'better-sqlite3';
import { type CsvForm, csvLineBy, csvLines } from '../../lib/csv/csv.ts';
import { createLineWriter, NDJSON_LINES } from '../../lib/text/line-writer.ts';
import { distinctNames } from '../../questions/sql/distinct-names.ts';
import { csvOf, jsonOf, type SqlCell } from '../../questions/sql/encode-value.ts';
import type { StreamTools } from '../pool/serve-reads.ts';
import { openQuery, type SqlQuery } from './open-query.ts';

export interface SelectLinesInput extends SqlQuery {
  format: 'csv' | 'ndjson';
  csvForm: CsvForm;
}

/**
 * Writes a query's answer as it is read: CSV with a header, or one JSON object on each line. Returns the number of
 * rows.
 */
export function selectLines(
  sqlite: Database,
  { format, csvForm, ...query }: SelectLinesInput,
  { note, push }: StreamTools,
): number {
  const { columns, each } = openQuery(sqlite, query, note);
  const names = columns.map(({ name }) => name);
  const writer = createLineWriter(format === 'csv' ? csvLines(names, csvForm) : NDJSON_LINES, push);
  const lineOf = format === 'csv' ? (row: SqlCell[]) => csvLineBy(csvOf, row, csvForm) : objectLines(names);
  let rows = 0;
  each((row) => {
    rows += 1;
    writer.add(lineOf(row));
  });
  writer.end();
  return rows;
}

function objectLines(names: string[]): (row: SqlCell[]) => string {
  const keys = distinctNames(names).map((name, i) => `${i === 0 ? '{' : ','}${JSON.stringify(name)}:`);
  return (row) => {
    let line = '';
    for (let i = 0; i < keys.length; i++) line += (keys[i] ?? '') + jsonOf(row[i] ?? null);
    return `${line}}`;
  };
}
