import type { DuckDBResult } from '@duckdb/node-api';
import { SealedUnreadable } from '../../archive/sealed/sealed-unreadable.ts';
import { withDollars } from '../../questions/sql/lake-parameters.ts';
import { positionAt, SqlFault } from '../../questions/sql/sql-fault.ts';
import type { SqlParams } from '../../questions/sql/sql-values.ts';
import { bindValues } from './bind-values.ts';
import { createCellOf, type LakeCell } from './cell-of.ts';
import { checkSelect } from './check-select.ts';
import type { LakeEngine } from './open-engine.ts';

export interface LakeQuery {
  sql: string;
  params?: SqlParams | undefined;
}

/** A query that has begun. Reading its rows throws SqlFault if DuckDB fails at a row. */
export interface OpenLakeQuery {
  columns: readonly { name: string; type: string }[];
  rows(): AsyncGenerator<LakeCell[]>;
  close(): void;
}

/**
 * Checks, binds and begins a query on a connection of its own. With `isTried` it does not begin: its columns are known, and
 * it has no rows.
 */
export async function openLakeQuery(
  engine: LakeEngine,
  { sql, params }: LakeQuery,
  { isTried = false }: { isTried?: boolean } = {},
): Promise<OpenLakeQuery> {
  const connection = await engine.connect();
  try {
    const text = withDollars(sql);
    await checkSelect(connection, text, engine);
    const statements = await connection.extractStatements(text);
    const prepared = await statements.prepare(0);
    if (statements.count !== 1 || prepared.statementType !== engine.duckDb.StatementType.SELECT)
      throw new SqlFault('Only one SELECT is answered here.', { kind: 'sql' });
    bindValues(prepared, params);
    if (isTried) return { columns: [], rows: noRows, close: () => connection.closeSync() };
    const result = await prepared.stream();
    const names = result.columnNames();
    return {
      columns: result.columnTypes().map((type, n) => ({ name: names[n] ?? '', type: String(type) })),
      rows: () => rowsOf(engine, sql, result),
      close: () => connection.closeSync(),
    };
  } catch (error) {
    connection.closeSync();
    throw explain(engine, sql, error);
  }
}

async function* noRows(): AsyncGenerator<LakeCell[]> {}

async function* rowsOf(engine: LakeEngine, sql: string, result: DuckDBResult): AsyncGenerator<LakeCell[]> {
  const cellsOf = result.columnTypes().map((type) => createCellOf(engine.duckDb, type));
  try {
    for (;;) {
      const chunk = await result.fetchChunk();
      if (!chunk || chunk.rowCount === 0) return;
      for (const row of chunk.getRows()) yield row.map((value, n) => cellsOf[n]?.(value) ?? null);
    }
  } catch (error) {
    throw explain(engine, sql, error);
  }
}

const MEMORY =
  /^(?:Failed to [a-z ]+: )?Out of Memory Error|std::bad_alloc|Array buffer allocation|Invalid string length/;
const FILES = /^(?:Failed to [a-z ]+: )?(?:IO Error|Permission Error|HTTP Error)/;

/** Turns an error of DuckDB into one for the caller: its first sentences, with no path of this machine in them. */
function explain(engine: LakeEngine, sql: string, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof SqlFault) return error;
  if (MEMORY.test(error.message))
    return new SqlFault('The query needs more memory than a query may use.', { kind: 'memory' }, { cause: error });
  if (FILES.test(error.message) && namesFile(engine, error.message))
    return new SealedUnreadable(
      'A file that this query needs was removed or replaced while the query ran. Ask again; if that does not help, "ssm-archive verify --lake" says what is wrong with the lake.',
      { cause: error },
    );
  const [told = ''] = error.message.replace(/^Failed to [a-z ]+: /, '').split(/\n+LINE \d+:/);
  return new SqlFault(withoutPaths(told.trim()), { kind: 'sql', position: positionOf(sql, error.message) });
}

function namesFile({ view }: LakeEngine, message: string): boolean {
  return view.tables.some(({ hot, sealed }) => [...hot, ...sealed].some((path) => message.includes(path)));
}

function withoutPaths(message: string): string {
  return message.replaceAll(/(?:[A-Za-z]:)?[\\/][^\s'":,()]*\.parquet/g, 'a file of the lake');
}

/** DuckDB says a place by the number of a line, and a mark below a piece of that line. */
function positionOf(sql: string, message: string) {
  const [, number, line = '', mark = ''] = /\n+LINE (\d+): ([^\n]*)\n( *)\^/.exec(message) ?? [];
  if (number === undefined || line.includes('...')) return undefined;
  const lines = sql.split('\n');
  const before = lines.slice(0, Number(number) - 1).reduce((sum, one) => sum + one.length + 1, 0);
  return positionAt(sql, Math.min(sql.length, before + Math.max(0, mark.length - `LINE ${number}: `.length)));
}
