import type { Database } from 'better-sqlite3';
import { CSV_LINE_END, csvLine } from '../../lib/csv.ts';
import { encodeLines } from '../../lib/encode-lines.ts';
import { csvOf, jsonOf, type SqlCell } from './encode-value.ts';
import { openQuery, type SqlQuery } from './open-query.ts';

export interface SelectLinesInput extends SqlQuery {
  format: 'csv' | 'ndjson';
  /** Leaves cells of CSV that a spreadsheet would run as they are. */
  isRaw: boolean;
}

/** A query's answer as it is read: CSV with a header, or an object a line. Returns how many rows it had. */
export function* selectLines(
  sqlite: Database,
  { format, isRaw, ...query }: SelectLinesInput,
  note: (plan: unknown) => void,
): Generator<Uint8Array, number> {
  const { columns, rows } = openQuery(sqlite, query, note);
  const names = columns.map(({ name }) => name);
  if (format === 'ndjson') return yield* encodeLines(objects(distinct(names), rows), '\n');
  const lines = yield* encodeLines(cells(names, rows, isRaw), CSV_LINE_END);
  return lines - 1;
}

function* cells(names: string[], rows: Iterable<SqlCell[]>, isRaw: boolean): Generator<string> {
  yield csvLine(names, isRaw);
  for (const row of rows) {
    let line = '';
    for (let i = 0; i < row.length; i++) line += (i === 0 ? '' : ',') + csvOf(row[i] ?? null, isRaw);
    yield line;
  }
}

function* objects(names: string[], rows: Iterable<SqlCell[]>): Generator<string> {
  const keys = names.map((name, i) => `${i === 0 ? '{' : ','}${JSON.stringify(name)}:`);
  for (const row of rows) {
    let line = '';
    for (let i = 0; i < keys.length; i++) line += (keys[i] ?? '') + jsonOf(row[i] ?? null);
    yield `${line}}`;
  }
}

/** Names of which an object can have each: the second `n` is `n_2`. */
function distinct(names: string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let own = name;
    for (let n = 2; taken.has(own); n++) own = `${name}_${n}`;
    taken.add(own);
    return own;
  });
}
