import type { Database, Statement } from 'better-sqlite3';
import type { SqlCell } from '../../questions/sql/encode-value.ts';
import type { SqlParams } from '../../questions/sql/sql-values.ts';
import { bindParams } from './bind-params.ts';
import { eachRow } from './each-row.ts';
import { explain, prepareSelect } from './prepare-select.ts';

export interface SqlQuery {
  sql: string;
  params?: SqlParams | undefined;
}

export interface SqlColumn {
  name: string;
  /** The column's declared type; undefined if the column is an expression. */
  type: string | undefined;
}

/** A query that has begun. Reading its rows throws SqlFault if SQLite fails at a row. */
export interface OpenQuery {
  columns: SqlColumn[];
  rows: Iterable<SqlCell[]>;
  /** Calls `onRow` for all rows in the fastest way; use it instead of `rows`. */
  each(onRow: (row: SqlCell[]) => void): void;
}

/**
 * Prepares, binds and begins a query. `onPlan` is called with SQLite's plan before the query runs, because a query that
 * is ended at its deadline can't report anything any more.
 */
export function openQuery(sqlite: Database, { sql, params }: SqlQuery, onPlan: (plan: string[]) => void): OpenQuery {
  const { statement, isExplain } = prepareSelect(sqlite, sql);
  const args = bindParams(sql, params);
  if (!isExplain) onPlan(planOf(sqlite, sql, args));
  const columns = statement.columns().map(({ name, type }) => ({ name, type: type ?? undefined }));
  const rows = rowsOf(sqlite, sql, statement, args);
  return {
    ...{ columns, rows },
    each(onRow) {
      try {
        if (!isExplain && eachRow(sqlite, sql, args, columns.length, onRow)) return;
      } catch (error) {
        throw explain(sqlite, sql, error);
      }
      for (const row of rows) onRow(row);
    },
  };
}

function* rowsOf(sqlite: Database, sql: string, statement: Statement, args: unknown[]): Generator<SqlCell[]> {
  try {
    const rows = statement
      .raw(true)
      .safeIntegers(true)
      .iterate(...args);
    for (const row of rows) yield row as SqlCell[];
  } catch (error) {
    throw explain(sqlite, sql, error);
  }
}

/** The plan is sent to the server before the query runs. For hostile SQL it can be extremely long, so it is cut. */
const MOST_PLAN_LINES = 200;
const MOST_LINE_CHARACTERS = 300;

interface PlanRow {
  id: number;
  parent: number;
  detail: string;
}

/** Returns the lines of EXPLAIN QUERY PLAN, indented by depth. */
function planOf(sqlite: Database, sql: string, args: unknown[]): string[] {
  try {
    const depths = new Map<number, number>();
    const lines: string[] = [];
    const rows = sqlite.prepare<unknown[], PlanRow>(`EXPLAIN QUERY PLAN ${sql}`).iterate(...args);
    for (const { id, parent, detail } of rows) {
      if (lines.length === MOST_PLAN_LINES) return [...lines, '…'];
      const depth = (depths.get(parent) ?? -1) + 1;
      depths.set(id, depth);
      const line = `${'  '.repeat(depth)}${detail}`;
      lines.push(line.length > MOST_LINE_CHARACTERS ? `${line.slice(0, MOST_LINE_CHARACTERS).toWellFormed()}…` : line);
    }
    return lines;
  } catch (error) {
    throw explain(sqlite, sql, error);
  }
}
