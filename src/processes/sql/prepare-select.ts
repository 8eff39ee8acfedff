import type { Database, Statement } from 'better-sqlite3';
import SQLite from 'better-sqlite3';
import { ROW_FUNCTIONS } from '../../db/each-row.ts';
import { type SqlToken, sqlTokens } from '../../questions/sql/sql-tokens.ts';
import { positionAt, SqlFault } from '../sql-fault.ts';
import { findFault, nameOf } from './find-fault.ts';
import { nearInSchema } from './near-in-schema.ts';

const QUERIES = ['select', 'with', 'values'];
const ONLY = 'Only a query is answered here: one statement that begins with SELECT, WITH, VALUES or EXPLAIN';

/** What of PRAGMA a query may read as a table: it describes the schema and the library, and neither acts nor leads to a path. */
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
 * FTS3's tokenizers are addresses: whoever binds a text as one has it called. The archive has no table of FTS3. And a row
 * is one that SQLite gives.
 */
const REFUSED_NAMES = new Set<string>(['fts3_tokenizer', 'fts3tokenize', 'fts4aux', ...ROW_FUNCTIONS]);

/**
 * Prepares a query that only reads, or throws SqlFault. `readonly` and `reader` of the driver let PRAGMA through, whose
 * settings act while it is prepared already, under EXPLAIN too: so the words that it begins with are looked at first.
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
      const message = `${token.text.slice(0, 60)} may not be read here; of the pragma tables these may: ${allowed}.`;
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

/** What the driver threw while it prepared or ran the query, as its asker is to see it. Anything else stays as it is. */
export function explain(sqlite: Database, sql: string, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof SqlFault) return error;
  const code = error instanceof SQLite.SqliteError ? error.code : '';
  if (
    code === 'SQLITE_NOMEM' ||
    /^(Invalid (string|array|array buffer) length|Array buffer allocation)/.test(error.message)
  )
    return new SqlFault('The query needs more memory than one may have.', { kind: 'memory' }, { cause: error });
  if (/^SQLITE_(CORRUPT|IOERR|NOTADB|CANTOPEN|FULL|BUSY|PROTOCOL)/.test(code)) return error;
  if (error instanceof RangeError && error.message.includes('more than one statement'))
    return new SqlFault(`${ONLY}; there is more than one.`, { kind: 'sql' });
  // The driver's own: no statement at all, a value that it can't take.
  if (code === '' && !(error instanceof RangeError) && !(error instanceof TypeError)) return error;
  const message = error.message.replaceAll(sqlite.name, 'the archive');
  const near = nearInSchema(sqlite, sql, message);
  const told = near === '' ? message : `${message}.${near}`;
  return new SqlFault(told, { kind: 'sql', position: findFault(sqlite, sql, message) }, { cause: error });
}
