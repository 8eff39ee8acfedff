import type { Database } from 'better-sqlite3';
import { RESTORABLE_TABLES } from './restorable-tables.ts';

/**
 * The tables that temporary ones stand in front of. `sealed_commands` counts what is in the lake alone; in front of it
 * stands an empty table, since the rows themselves are counted.
 */
const SHADOWED_TABLES = [...RESTORABLE_TABLES, 'sealed_commands'];

interface Column {
  name: string;
  type: string;
  dflt_value: string | null;
  pk: number;
}

/**
 * Makes temporary tables in the place of the archive's tables of invocations: with the same columns, keys and indexes,
 * but without triggers and foreign keys. What reads these tables without naming a schema reads the temporary ones from
 * then on. They are made from the schema of the file itself, so that a migration needs no change here.
 */
export function shadowTables(sqlite: Database): void {
  for (const table of SHADOWED_TABLES) sqlite.exec(tableSql(sqlite, table));
  const indexes = sqlite
    .prepare<[string], { name: string; sql: string }>(
      `SELECT name, sql FROM main.sqlite_schema WHERE type = 'index' AND sql IS NOT NULL
        AND tbl_name IN (SELECT value FROM json_each(?))`,
    )
    .all(JSON.stringify(SHADOWED_TABLES));
  for (const { name, sql } of indexes) sqlite.exec(ofTemp(sql, name));
  const search = sqlite
    .prepare<[], string>("SELECT sql FROM main.sqlite_schema WHERE name = 'outputs_fts'")
    .pluck()
    .get();
  // The index needs no texts of its own: it is asked only which outputs match.
  if (search)
    sqlite.exec(
      ofTemp(search, 'outputs_fts')
        .replace(/content\s*=\s*'\w+'/, "content = ''")
        .replace(/content_rowid\s*=\s*'\w+',?/, ''),
    );
}

/** Empties the temporary tables. */
export function emptyShadow(sqlite: Database): void {
  for (const table of RESTORABLE_TABLES) sqlite.exec(`DELETE FROM temp.${table}`);
  sqlite.exec("INSERT INTO temp.outputs_fts (outputs_fts) VALUES ('delete-all')");
}

function tableSql(sqlite: Database, table: string): string {
  const columns = sqlite
    .prepare<[string], Column>("SELECT * FROM pragma_table_info(?, 'main') ORDER BY cid")
    .all(table);
  const keys = columns.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk);
  const parts = columns.map(({ name, type, dflt_value: value }) =>
    [`"${name}" ${type}`, value === null ? '' : `DEFAULT ${value}`].join(' ').trim(),
  );
  // A key of one INTEGER column is the number of the row, as it is in the archive.
  parts.push(`PRIMARY KEY (${keys.map(({ name }) => `"${name}"`).join(', ')})`);
  return `CREATE TEMP TABLE "${table}" (${parts.join(', ')}) STRICT`;
}

/** The statement that makes the same thing in the temporary schema. */
function ofTemp(sql: string, name: string): string {
  return sql.replace(new RegExp(`([\`"]?)${name}\\1`), `temp."${name}"`);
}
