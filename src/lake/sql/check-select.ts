import type { DuckDBConnection } from '@duckdb/node-api';
import { nearNames, proposalOf } from '../../lib/words/near-names.ts';
import { positionAt, SqlFault } from '../../questions/sql/sql-fault.ts';
import { REFUSED_BARE_NAMES } from './functions/refused-functions.ts';
import { whyNotCalled, whyNotRead } from './functions/why-refused.ts';

const ONLY = 'Only a query is answered here: one statement that begins with SELECT, WITH, VALUES or FROM';

/**
 * Throws SqlFault unless the text is one SELECT that reads the tables of the archive, what it makes itself, and nothing
 * else, and calls no function but those that are allowed. DuckDB itself parses it, so that the words of the text can't be
 * taken for something else than DuckDB takes them.
 */
export async function checkSelect(
  connection: DuckDBConnection,
  sql: string,
  { tables }: { tables: ReadonlySet<string> },
): Promise<void> {
  // DuckDB takes a DESCRIBE for a SELECT, and PRAGMA database_list too.
  const first = /^[\s;]*(?:(?:--[^\n]*\n|\/\*[\s\S]*?\*\/)\s*)*([A-Za-z]+|\()/.exec(sql)?.[1]?.toLowerCase();
  if (first === undefined) throw sql.trim() === '' ? refused(sql, 0, 'There is no SQL.') : refused(sql, 0, `${ONLY}.`);
  if (!['select', 'with', 'values', 'from', '('].includes(first))
    throw refused(sql, sql.toLowerCase().indexOf(first), `${ONLY}, not with ${JSON.stringify(first.slice(0, 40))}.`);
  const { statements } = await parse(connection, sql);
  if (statements.length !== 1) throw refused(sql, 0, `${ONLY}; there is more than one.`);
  const nodes = [...nodesOf(statements)];
  const own = new Set(nodes.flatMap(({ cte_map: ctes }) => namesOfCtes(ctes)));
  for (const name of own)
    if (/[./\\:*?[\]]/.test(name) || (!tables.has(name) && (await isTaken(connection, name))))
      throw refused(sql, 0, `${JSON.stringify(name.slice(0, 60))} can't be the name of a table here.`);
  const names: Names = {
    ...{ tables, own, aliases: new Set(nodes.flatMap(aliasesOf)) },
    rows: new Set(nodes.filter(({ type }) => type === 'TABLE_FUNCTION').map((node) => node.function)),
  };
  for (const node of nodes) checkNode(sql, node, names);
}

interface Names {
  /** The tables of the archive. */
  tables: ReadonlySet<string>;
  /** The tables that the query makes itself. */
  own: ReadonlySet<string>;
  /** The names that the query gives to columns. */
  aliases: ReadonlySet<string>;
  /** The calls that stand in FROM. */
  rows: ReadonlySet<unknown>;
}

type Node = Record<string, unknown>;

async function parse(connection: DuckDBConnection, sql: string): Promise<{ statements: unknown[] }> {
  const reader = await connection.runAndReadAll('SELECT json_serialize_sql(CAST($sql AS VARCHAR))', { sql });
  const parsed: unknown = JSON.parse(String(reader.getRows()[0]?.[0]));
  if (!isNode(parsed)) throw new Error('DuckDB did not say how it reads the query.');
  if (parsed.error === true) {
    const message = String(parsed.error_message);
    if (parsed.error_type === 'not implemented') throw refused(sql, 0, `${ONLY} (${message}).`);
    const at = Number(parsed.position ?? Number.NaN);
    throw new SqlFault(message, {
      kind: 'sql',
      position: Number.isFinite(at) ? positionAt(sql, unitAt(sql, at)) : undefined,
    });
  }
  return { statements: Array.isArray(parsed.statements) ? parsed.statements : [] };
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Yields every object of a parsed query, however deep: a recursive function would end at ten thousand of them. */
function* nodesOf(root: unknown): Generator<Node> {
  const left: unknown[] = [root];
  while (left.length > 0) {
    const value = left.pop();
    if (Array.isArray(value)) for (const one of value) left.push(one);
    else if (isNode(value)) {
      yield value;
      for (const one of Object.values(value)) if (typeof one === 'object') left.push(one);
    }
  }
}

function namesOfCtes(ctes: unknown): string[] {
  if (!isNode(ctes) || !Array.isArray(ctes.map)) return [];
  return ctes.map.flatMap((entry: unknown) => (isNode(entry) ? [String(entry.key).toLowerCase()] : []));
}

/**
 * Whether DuckDB itself has a table or view of a name, such as sqlite_master, whose text names files. Where a table that
 * the query makes is not in sight, its name would mean that one.
 */
async function isTaken(connection: DuckDBConnection, name: string): Promise<boolean> {
  try {
    (await connection.prepare(`SELECT 1 FROM "${name.replaceAll('"', '""')}"`)).destroySync();
    return true;
  } catch (error) {
    return !(error instanceof Error && error.message.includes('does not exist'));
  }
}

/** The names that a node gives to columns, in lower case. */
function aliasesOf({ alias, aliases, column_name_alias: columns }: Node): string[] {
  return [alias, ...[aliases, columns].flatMap((names) => (Array.isArray(names) ? names : []))]
    .filter((name) => typeof name === 'string')
    .map((name) => name.toLowerCase());
}

function checkNode(sql: string, node: Node, { aliases, rows, ...names }: Names): void {
  const at = unitAt(sql, Number(node.query_location));
  const why = whyNotUsed(node, rows.has(node));
  if (why !== undefined) throw refused(sql, at, why);
  const bare = bareName(node);
  if (bare !== undefined && REFUSED_BARE_NAMES.has(bare) && !aliases.has(bare))
    throw refused(sql, at, whyNotCalled(bare) ?? `${bare} may not be used here.`);
  if (node.type === 'SHOW_REF') throw refused(sql, at, `${ONLY}: DESCRIBE, SHOW and SUMMARIZE are not answered.`);
  if (node.type === 'TABLE_FUNCTION' && !isNode(node.function)) throw refused(sql, at, `${ONLY}.`);
  if (node.type === 'BASE_TABLE') checkTable(sql, at, node, names);
}

/** Why the function that a node calls is refused; undefined if it is allowed, or the node calls none. */
function whyNotUsed({ function_name: name }: Node, isInFrom: boolean): string | undefined {
  if (typeof name !== 'string') return isInFrom ? `${ONLY}.` : undefined;
  return isInFrom ? whyNotRead(name) : whyNotCalled(name);
}

/** The name of a column that is named alone, in lower case. */
function bareName({ class: kind, column_names: names }: Node): string | undefined {
  if (kind !== 'COLUMN_REF' || !Array.isArray(names) || names.length !== 1) return undefined;
  return String(names[0]).toLowerCase();
}

function checkTable(
  sql: string,
  at: number,
  { table_name: given, schema_name: schema, catalog_name: catalog }: Node,
  { tables, own }: Pick<Names, 'tables' | 'own'>,
): void {
  const name = String(given);
  const isQualified =
    ![undefined, ''].includes(String(schema ?? '')) || !['', undefined].includes(String(catalog ?? ''));
  const isMain = [schema, catalog].every((one) => ['', 'main', 'memory'].includes(String(one ?? '').toLowerCase()));
  if (isMain && tables.has(name.toLowerCase())) return;
  if (!isQualified && own.has(name.toLowerCase())) return;
  const near = proposalOf(nearNames(name.toLowerCase(), [...tables]));
  throw refused(sql, at, `no such table: ${name.slice(0, 60)}.${near}`);
}

function refused(sql: string, at: number, message: string): SqlFault {
  return new SqlFault(message, { kind: 'sql', position: positionAt(sql, Math.max(0, at)) });
}

/** DuckDB counts bytes; positions count UTF-16 units. What has no place is said to be at the beginning. */
function unitAt(sql: string, bytes: number): number {
  if (!Number.isFinite(bytes) || bytes < 0 || bytes > Buffer.byteLength(sql)) return 0;
  return Buffer.from(sql).subarray(0, bytes).toString().length;
}
