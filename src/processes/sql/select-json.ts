import type { Database } from 'better-sqlite3';
import { jsonOf, type SqlCell } from '../../questions/sql/encode-value.ts';
import { SqlFault } from '../../questions/sql/sql-fault.ts';
import type { StreamTools } from '../pool/serve-reads.ts';
import { openQuery, type SqlColumn, type SqlQuery } from './open-query.ts';

export interface SelectJsonInput extends SqlQuery {
  /** The answer has at most this many rows, and at most about this many bytes including the names of its columns. */
  limit: number;
  maxBytes: number;
}

/**
 * Returns a query's whole answer as JSON: `{"columns": [{name, type}], "rows": [[…]], "rowCount", "truncated",
 * "elapsedMs"}`, in one chunk at its end, so that no rows come before an error. A column that is an expression has the
 * type of its first value, or null if all are NULL.
 */
export function* selectJson(
  sqlite: Database,
  { limit, maxBytes, ...query }: SelectJsonInput,
  { note }: Pick<StreamTools, 'note'>,
): Generator<Uint8Array, number> {
  const startedAt = performance.now();
  const { columns, rows } = openQuery(sqlite, query, note);
  const types = columns.map(({ type }) => type);
  const lines: string[] = [];
  let bytes = 0;
  // A column's name may be as long as the query, and there may be two thousand columns.
  for (const { name } of columns) bytes += Buffer.byteLength(name);
  if (bytes > maxBytes)
    throw new SqlFault(`The names of the columns take more than the ${maxBytes} bytes that an answer may have.`, {
      kind: 'memory',
    });
  let isTruncated = false;
  for (const row of rows) {
    if (lines.length === limit) {
      isTruncated = true;
      break;
    }
    const line = lineOf(row);
    bytes += Buffer.byteLength(line) + 1;
    if (bytes > maxBytes) {
      isTruncated = true;
      break;
    }
    lines.push(line);
    for (let i = 0; i < types.length; i++) types[i] ??= typeOf(row[i] ?? null);
  }
  const elapsedMs = Math.round((performance.now() - startedAt) * 1000) / 1000;
  const head = JSON.stringify(columns.map(({ name }: SqlColumn, i) => ({ name, type: types[i] ?? null })));
  yield Buffer.from(
    `{"columns":${head},"rows":[${lines.join(',')}],"rowCount":${lines.length},"truncated":${isTruncated},"elapsedMs":${elapsedMs}}`,
  );
  return lines.length;
}

function lineOf(row: SqlCell[]): string {
  let line = '[';
  for (let i = 0; i < row.length; i++) line += (i === 0 ? '' : ',') + jsonOf(row[i] ?? null);
  return `${line}]`;
}

function typeOf(value: SqlCell): string | undefined {
  if (value === null) return undefined;
  return typeof value === 'string'
    ? 'TEXT'
    : typeof value === 'bigint'
      ? 'INTEGER'
      : typeof value === 'number'
        ? 'REAL'
        : 'BLOB';
}
