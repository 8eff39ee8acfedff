import type { Database } from 'better-sqlite3';

export interface Column {
  table: string;
  column: string;
  type: string;
}

/** What `verify` leaves out on purpose, and why. `*` means all columns of the table and the row itself. */
export const NOT_COVERED: Readonly<Record<string, string>> = {
  'leases.*': 'the collector’s working memory: it proves nothing, and expires in a minute',
  'command_listings.*': 'working memory: how far commands are listed, which a pass only reads to list less',
  'command_spreads.*':
    'a measured maximum that stays after pruning: `verify` checks that it is not below the rows that remain (check-spreads.test.ts), and each coverage statement names it',
  'output_queue.*': 'working memory: what is still to be fetched, and what was given up and why',
  'output_queue_marks.*': 'working memory: how far states were looked through for outputs to fetch',
  'late_looks.*':
    'working memory: how far final invocations have been looked at once more; what a look found is in the ledger',
  'late_looks_owed.*': 'working memory, likewise',
  'unfinished_commands.is_executing': 'working memory: a pass asks the service again',
  'unfinished_commands.counts_json': 'working memory',
  'unfinished_commands.requested_at': 'working memory',
  'unfinished_commands.first_seen_at': 'working memory',
  'unfinished_commands.listed_at': 'working memory',
  'unfinished_commands.listed_counts_json': 'working memory',
  'daily_counts.id': 'a number that nothing refers to',
  'outputs_to_decode.*': 'working memory: which outputs of an older version must still be checked for UTF-16',
  'outputs_fts.*': 'the index’s own view of outputs, a table that is covered',
  'outputs_fts_data.*': 'the words of the search index: it is made from outputs, and can be made again',
  'outputs_fts_idx.*': 'the words of the search index',
  'outputs_fts_config.*': 'the settings of the search index; SQLite reports those that do not fit it',
  'outputs_fts_docsize.sz': 'how many words the search index has of an output',
  'seal_intents.*': 'working memory: what a seal puts into the lake, until the day is in the ledger',
  'sealed_values.*': 'names that sealed days have: `verify --lake` compares them with the lake (test/lake/verify)',
  'sealed_days.*': 'this archive has no sealed days; sealed/check-sealed-days.test.ts attacks those of one that has',
  'places_of_others.*': 'working memory: what the lake said at the last seal, which reads it again',
  'sealed_pages.*': 'likewise',
  'sealed_commands.*': 'likewise',
  'day_moves.*': 'likewise: `verify` finds a wrong row by the counts of sealed days',
};

/**
 * The rows that `verify` checks in these tables. It leaves out a running pass or sweep, a command that is not
 * forgotten, a count of zero, a short command that may have lost invocations to pruning, and the last output in the search index: without that output, the index is only behind.
 */
export const COVERED_ROWS: Readonly<Record<string, string>> = {
  daily_counts: 'invocations <> 0',
  outputs_fts_docsize: 'id < (SELECT max(id) FROM outputs_fts_docsize)',
  short_commands: "command_id = 'short'",
  runs: "outcome <> 'running'",
  sweeps: "outcome <> 'running'",
  unfinished_commands: 'forgotten_at IS NOT NULL',
};

export function isCovered(table: string, column?: string): boolean {
  return NOT_COVERED[`${table}.*`] === undefined && NOT_COVERED[`${table}.${column}`] === undefined;
}

/** Tables whose rows are data, from the schema of the file itself: a new table is attacked from its first day. */
export function tablesOf(sqlite: Database): string[] {
  return sqlite
    .prepare<[], string>(
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'shadow') AND name <> 'sqlite_schema' ORDER BY name",
    )
    .pluck()
    .all();
}

export function columnsOf(sqlite: Database, table: string): Column[] {
  return sqlite
    .prepare<[object], Column>('SELECT :table AS "table", name AS "column", type FROM pragma_table_info(:table)')
    .all({ table });
}

/** The rowids of two covered rows: the first and the last. */
export function someRows(sqlite: Database, table: string): number[] {
  const all = rowsOf(sqlite, table);
  return [...new Set([all[0], all.at(-1)])].filter((id) => id !== undefined);
}

export function rowsOf(sqlite: Database, table: string): number[] {
  return sqlite
    .prepare<[], number>(`SELECT rowid FROM main.${table} WHERE ${COVERED_ROWS[table] ?? 'true'} ORDER BY rowid`)
    .pluck()
    .all();
}

/**
 * Everything that `verify` covers, and the schema, as text: two files with the same text have the same content.
 * Exception: the outputs in the search index. An index that ends earlier is only behind, as between two passes, and the
 * next pass completes it.
 */
export function dump(sqlite: Database): string {
  const schema = sqlite.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name').raw().all();
  const tables = tablesOf(sqlite)
    .filter((table) => isCovered(table) && table !== 'outputs_fts_docsize')
    .map((table) => {
      const columns = columnsOf(sqlite, table).filter(({ column }) => isCovered(table, column));
      const values = columns.map(({ column }) => `quote(CAST(${column} AS BLOB)), typeof(${column})`);
      const where = COVERED_ROWS[table] ?? 'true';
      return sqlite.prepare(`SELECT ${values} FROM main.${table} WHERE ${where} ORDER BY rowid`).raw().all();
    });
  return JSON.stringify([schema, tables]);
}

/** Copies a row under a new key, like somebody who makes one up. */
export function duplicateRow(sqlite: Database, table: string, rowid: number): void {
  const columns = sqlite
    .prepare<[string], { name: string; pk: number; type: string }>('SELECT name, pk, type FROM pragma_table_info(?)')
    .all(table);
  const lastOfKey = Math.max(...columns.map(({ pk }) => pk));
  const others: Readonly<Record<string, string>> = {
    'outputs.sha256': "CAST(sha256 || 'x' AS BLOB)",
    'invocations.instance_id': "instance_id || '~'",
    'full_outputs.position': 'position + 1000',
    'daily_counts.day': "coalesce(day, '') || '~'",
  };
  const values = columns.map(({ name, pk, type }) => {
    const other = others[`${table}.${name}`];
    if (other !== undefined) return other;
    if (pk === 0 || pk < lastOfKey) return name;
    return type === 'INTEGER' ? `(SELECT max(${name}) FROM main.${table}) + 1` : `${name} || '~'`;
  });
  const names = columns.map(({ name }) => name);
  sqlite.prepare(`INSERT INTO main.${table} (${names}) SELECT ${values} FROM main.${table} WHERE rowid = ?`).run(rowid);
}
