import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import type { SchemaSection } from '../../questions/sql/parse-schema-page.ts';
import { FIRST_ID_SQL } from '../number/id-range.ts';

export interface IndexDescription {
  name: string;
  /** The columns in the order of the index. An expression is shown as `(expression)`. */
  columns: string[];
  isUnique: boolean;
  /** The condition of a partial index, as SQL. */
  where: string | null;
  description: string;
}

export interface TableDescription {
  name: string;
  kind: 'table' | 'view' | 'virtual';
  /** The page's description, in Markdown, like all descriptions here; empty if the page has none. */
  description: string;
  /**
   * The largest number of rows that the table can have. It is exact if no row was ever removed and the table has row
   * numbers of its own: `revisions` and `ledger_entries` share one series of numbers. Null for a view that this version
   * does not know.
   */
  estimatedRows: number | null;
  /** `type` is empty if the column has no declared type: an expression in a view, or a column of a virtual table. */
  columns: { name: string; type: string; isNullable: boolean; description: string }[];
  indexes: IndexDescription[];
}

/**
 * Tables and views without useful row numbers of their own: the table whose row numbers are used instead, and how many
 * rows at most come from one row of that table.
 */
const ROWS_OF: ReadonlyMap<string, readonly [table: string, times: number]> = new Map([
  ['plugin_runs', ['plugins', 1]],
  ['outputs_fts', ['outputs', 1]],
  ['searched_outputs', ['outputs', 1]],
  ['missing_sources', ['owed_sources', 1]],
  ['command_details', ['commands', 1]],
  // Three rows: a covered span, its edge, and the gap before it.
  ['coverage_states', ['coverage', 3]],
]);

const TABLES = `SELECT name, type AS kind FROM pragma_table_list
  WHERE schema = 'main' AND type <> 'shadow' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> '__drizzle_migrations'
  ORDER BY name`;
const COLUMNS = 'SELECT name, type, "notnull" AS isNotNull FROM pragma_table_info(?) ORDER BY cid';
const INDEXES = `SELECT list.name, list."unique" AS isUnique, sql FROM pragma_index_list(?) list
  JOIN main.sqlite_schema ON type = 'index' AND sqlite_schema.name = list.name WHERE sql IS NOT NULL ORDER BY list.name`;
const INDEX_COLUMNS = `SELECT coalesce(name, '(expression)') FROM pragma_index_info(?) ORDER BY seqno`;

/**
 * The tables, views and virtual tables that users may query with SQL, with columns, indexes and the descriptions from
 * `page`, in the order of `page`. Reads only the schema and the last row of each table, so it is fast for tables of any
 * size.
 */
export function describeSchema(sqlite: Database, page: ReadonlyMap<string, SchemaSection>): TableDescription[] {
  const order = [...page.keys()];
  const place = ({ name }: { name: string }) => (page.has(name) ? order.indexOf(name) : order.length);
  return prepareOnce<[], Pick<TableDescription, 'name' | 'kind'>>(sqlite, TABLES)
    .all()
    .map(({ name, kind }) => describeTable(sqlite, { name, kind, section: page.get(name) }))
    .sort((a, b) => place(a) - place(b));
}

function describeTable(
  sqlite: Database,
  { name, kind, section }: Pick<TableDescription, 'name' | 'kind'> & { section: SchemaSection | undefined },
): TableDescription {
  const columns = prepareOnce<[string], { name: string; type: string; isNotNull: number }>(sqlite, COLUMNS).all(name);
  const indexes = prepareOnce<[string], { name: string; isUnique: number; sql: string }>(sqlite, INDEXES).all(name);
  return {
    ...{ name, kind, description: section?.description ?? '', estimatedRows: lastRowOf(sqlite, name, kind) },
    columns: columns.map(({ isNotNull, ...column }) => ({
      ...column,
      isNullable: isNotNull === 0,
      description: section?.columns.get(column.name) ?? '',
    })),
    indexes: indexes.map((index) => ({
      name: index.name,
      columns: prepareOnce<[string], string>(sqlite, INDEX_COLUMNS).pluck().all(index.name),
      isUnique: index.isUnique === 1,
      where: /\)\s*WHERE\s+([\s\S]+)$/i.exec(index.sql)?.[1] ?? null,
      description: section?.indexes.get(index.name) ?? '',
    })),
  };
}

function lastRowOf(sqlite: Database, name: string, kind: TableDescription['kind']): number | null {
  const [table, times] = ROWS_OF.get(name) ?? [kind === 'table' ? name : undefined, 1];
  if (table === undefined) return null;
  const quoted = `"${table.replaceAll('"', '""')}"`;
  // The ids of invocations do not begin at 1 in each archive.
  const before = table === 'invocations' ? `${FIRST_ID_SQL} - 1` : '0';
  const last =
    prepareOnce<[], number>(sqlite, `SELECT coalesce(max(rowid) - (${before}), 0) FROM main.${quoted}`).pluck().get() ??
    0;
  return times * last;
}
