import type { Database } from 'better-sqlite3';
import type { HotColumn } from './lake-table.ts';

/**
 * Returns the columns of a table of the archive as the lake has them: numbers as BIGINT, and everything else as text,
 * bytes in lower-case hex. A column that a migration adds is at the end, so that files of before lack only columns.
 */
export function hotColumns(sqlite: Database, table: string, alias: string): HotColumn[] {
  const columns = sqlite
    .prepare<[string], { name: string; type: string }>(
      "SELECT name, type FROM pragma_table_info(?, 'main') ORDER BY cid",
    )
    .all(table);
  return columns.map(({ name, type }) => {
    const column = `${alias}."${name}"`;
    if (type === 'INTEGER') return { name, type: 'BIGINT', sql: column };
    return { name, type: 'VARCHAR', sql: type === 'BLOB' ? `lower(hex(${column}))` : column };
  });
}

/**
 * Returns the columns of a table whose rows belong to invocations. What says of which invocation a row is comes first,
 * so that most questions need no join. `output_id` becomes the text of the output, with `outputs` as o.
 */
export function columnsOfPart(sqlite: Database, table: string, alias: string): HotColumn[] {
  const ofInvocation = new Set(OF_INVOCATION.map(({ name }) => name));
  const own = hotColumns(sqlite, table, alias)
    .filter(({ name }) => !ofInvocation.has(name))
    .map(
      (column): HotColumn =>
        column.name === 'output_id' ? { name: 'output', type: 'VARCHAR', sql: 'o.text' } : column,
    );
  return [...OF_INVOCATION, ...own];
}

const OF_INVOCATION = ['account_id', 'region', 'command_id', 'instance_id', 'document_name', 'requested_at'].map(
  (name): HotColumn => ({ name, type: 'VARCHAR', sql: `i.${name}` }),
);
