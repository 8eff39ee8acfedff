import type { Database } from 'better-sqlite3';
import { nearNames, proposalOf } from '../../lib/words/near-names.ts';
import { sqlTokens } from '../../questions/sql/sql-tokens.ts';
import { nameOf } from './find-fault.ts';

const KIND = /^no such (table|column|function): "?([^\s"]{1,200})/;

/** The tables and columns of this connection, without SQLite's internal tables. */
const TABLES = `SELECT name FROM pragma_table_list WHERE type <> 'shadow' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`;
const COLUMNS = `SELECT DISTINCT t.name AS "table", c.name AS name FROM (${TABLES}) AS t, pragma_table_xinfo(t.name) AS c WHERE c.hidden <> 1`;
const FUNCTIONS = 'SELECT DISTINCT name FROM pragma_function_list';

/**
 * Returns ` Did you mean "invocations"?` for SQLite's message about a name that it does not know; empty if no name is
 * near.
 */
export function nearInSchema(sqlite: Database, sql: string, message: string): string {
  const [, kind, name = ''] = KIND.exec(message) ?? [];
  if (kind === undefined) return '';
  const bare = name.replace(/\(\)$/, '').split('.').at(-1) ?? '';
  try {
    return proposalOf(nearNames(bare, namesOf(sqlite, kind, sql)));
  } catch {
    // If the schema can't be listed, the fault is reported without a proposal.
    return '';
  }
}

function namesOf(sqlite: Database, kind: string, sql: string): string[] {
  if (kind !== 'column')
    return sqlite
      .prepare<[], string>(kind === 'table' ? TABLES : FUNCTIONS)
      .pluck()
      .all();
  const all = sqlite.prepare<[], { table: string; name: string }>(COLUMNS).all();
  // Proposes only columns of the tables that the query names: with any other column the query would fail again.
  const used = new Set<string | undefined>();
  for (const token of sqlTokens(sql)) used.add(nameOf(token));
  return all.filter(({ table }) => used.has(table.toLowerCase())).map(({ name }) => name);
}
