import type { Database, Statement } from 'better-sqlite3';
import SQLite from 'better-sqlite3';
import { ROW_FUNCTIONS } from '../../db/each-row.ts';
import { positionAt, SqlFault } from '../../questions/sql/sql-fault.ts';
import { type SqlToken, sqlTokens } from '../../questions/sql/sql-tokens.ts';
import { findFault, nameOf } from './find-fault.ts';
import { nearInSchema } from './near-in-schema.ts';

const QUERIES = ['select', 'with', 'values'];
const ONLY = 'Only a query is answered here: one statement that begins with SELECT, WITH, VALUES or EXPLAIN';

/**
 * The PRAGMAs that a query may read as tables. They describe the schema and the library, change nothing, and reveal no
 * path.
 */
const PRAGMA_TABLES = new Set(
  ['table_info', 'table_xinfo', 'table_list', 'index_list', 'index_info', 'index_xinfo', 'foreign_key_list'].concat([
    'function_list',
    'module_list',
    'collation_list',
    'compile_options',
    'pragma_list',
  ]),
);

/**
 * FTS3 is refused because a tokenizer of FTS3 is an address in memory, and a query could make SQLite call an address
 * that the query gives. The archive does not use FTS3. The functions of each-row.ts are refused too: only eachRow may
 * call them.
 */
const REFUSED_NAMES = new Set<string>(['fts3_tokenizer', 'fts3tokenize', 'fts4aux', ...ROW_FUNCTIONS]);

/**
 * Prepares a query that only reads, or throws SqlFault. The driver's `readonly` and `reader` are true for PRAGMA too,
 * and a PRAGMA changes settings while it is prepared, even under EXPLAIN. So this checks the first words before it
 * prepares anything.
 */
export function prepareSelect(sqlite: Database, sql: string): { statement: Statement; isExplain: boolean } {
  const { isExplain } = refuseOthers(sql);
  let statement: Statement;
  try {
    statement = sqlite.prepare(sql);
  } catch (error) {
    throw explain(sqlite, sql, error);
  }
  if (!statement.reader || !statement.readonly)
    throw new SqlFault(`${ONLY}, and writes nothing.`, { kind: 'sql', position: positionAt(sql, 0) });
  return { statement, isExplain };
}

function refuseOthers(sql: string): { isExplain: boolean } {
  const words: SqlToken[] = [];
  for (const token of sqlTokens(sql)) {
    if (token.kind === 'space' || token.kind === 'comment') continue;
    if (words.length < 4) words.push(token);
    const name = nameOf(token);
    if (name !== undefined && REFUSED_NAMES.has(name))
      throw new SqlFault(`${token.text} may not be used here.`, {
        kind: 'sql',
        position: positionAt(sql, token.start),
      });
    if (name?.startsWith('pragma_') && !PRAGMA_TABLES.has(name.slice('pragma_'.length))) {
      const allowed = [...PRAGMA_TABLES].map((table) => `pragma_${table}`).join(', ');
      const message = `${token.text.slice(0, 60)} may not be read here. Only these pragma tables may: ${allowed}.`;
      throw new SqlFault(message, { kind: 'sql', position: positionAt(sql, token.start) });
    }
  }
  const [first, ...rest] = words;
  if (!first) throw new SqlFault('There is no SQL.', { kind: 'sql' });
  const isExplain = nameOf(first) === 'explain';
  const isPlan = isExplain && rest[0]?.text.toLowerCase() === 'query' && rest[1]?.text.toLowerCase() === 'plan';
  const query = !isExplain ? first : isPlan ? rest[2] : rest[0];
  if (query?.kind === 'word' && QUERIES.includes(query.text.toLowerCase())) return { isExplain };
  const found = query ?? first;
  throw new SqlFault(`${ONLY}, not with ${JSON.stringify(found.text.slice(0, 40))}.`, {
    kind: 'sql',
    position: positionAt(sql, found.start),
  });
}

/**
 * Turns an error that the driver threw while it prepared or ran the query into one for the caller. Any other error is
 * returned unchanged.
 */
export function explain(sqlite: Database, sql: string, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof SqlFault) return error;
  const code = error instanceof SQLite.SqliteError ? error.code : '';
  if (
    code === 'SQLITE_NOMEM' ||
    /^(Invalid (string|array|array buffer) length|Array buffer allocation)/.test(error.message)
  )
    return new SqlFault('The query needs more memory than a query may use.', { kind: 'memory' }, { cause: error });
  if (/^SQLITE_(CORRUPT|IOERR|NOTADB|CANTOPEN|FULL|BUSY|PROTOCOL)/.test(code)) return error;
  if (error instanceof RangeError && error.message.includes('more than one statement'))
    return new SqlFault(`${ONLY}; there is more than one.`, { kind: 'sql' });
  // What remains are the driver's own errors: there is no statement at all, or a value that the driver does not accept.
  if (code === '' && !(error instanceof RangeError) && !(error instanceof TypeError)) return error;
  const message = error.message.replaceAll(sqlite.name, 'the archive');
  const near = nearInSchema(sqlite, sql, message);
  const told = near === '' ? message : `${message}.${near}`;
  return new SqlFault(told, { kind: 'sql', position: findFault(sqlite, sql, message) }, { cause: error });
}
