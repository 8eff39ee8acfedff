import type { Database } from 'better-sqlite3';
import { isLakeIndex } from '../../archive/sealed/lake-index.ts';
import { hotColumns } from '../tables/hot-columns.ts';
import type { HotColumn, LakeTable } from '../tables/lake-table.ts';
import { LAKE_TABLES } from '../tables/lake-tables.ts';

/** Tables whose rows belong to invocations: the lake has those of sealed days, and the archive all others. */
const OF_INVOCATIONS: readonly string[] = ['invocations', 'plugins', 'revisions', 'full_outputs', 'output_queue'];

/**
 * The tables of invocations that SQL over the lake can name. States themselves are left out of `revisions`, as in the
 * archive: to unpack them for each copy would take longer than everything else.
 */
export const COPIED_TABLES: readonly LakeTable[] = LAKE_TABLES.filter(({ name }) => OF_INVOCATIONS.includes(name)).map(
  ({ name, from, hot, order }) => ({ name, from, hot, order }),
);

/** Returns the column that says of which invocation a row is. */
export function invocationColumn({ name }: Pick<LakeTable, 'name'>): 'id' | 'invocation_id' {
  return name === 'invocations' ? 'id' : 'invocation_id';
}

/** A table that changes without a leaf of the ledger: nothing tells which of its days have changed. */
export const CHANGES_SILENTLY: readonly string[] = ['output_queue'];

/** Tables and views that the archive has whole, because sealing removes none of their rows. */
export const WHOLE_TABLES = [
  ...['commands', 'command_senders', 'daily_counts', 'coverage', 'coverage_states'],
  ...['runs', 'run_sources', 'owed_sources'],
] as const;

/** Of these, an index of a lake has what manifests say. All others it does not know, and they must not seem empty. */
const TABLES_OF_INDEX: readonly string[] = ['daily_counts', 'coverage'] satisfies (typeof WHOLE_TABLES)[number][];

/** The tables and views that are copied whole of this archive, or of this index of a lake. */
export function wholeTablesOf(sqlite: Database): readonly string[] {
  return isLakeIndex(sqlite) ? TABLES_OF_INDEX : WHOLE_TABLES;
}

/** Views among them, whose columns have no types of their own: all are texts but these. */
const NUMBERS_OF_VIEWS: Readonly<Record<string, readonly string[]>> = { coverage_states: ['spread_ms'] };

/** Returns the columns of a table or view that is copied whole, as `t`. */
export function wholeColumns(sqlite: Database, name: string): HotColumn[] {
  const columns = hotColumns(sqlite, name, 't');
  const numbers = NUMBERS_OF_VIEWS[name];
  if (numbers === undefined) return columns;
  return columns.map(({ name: column }) => ({
    ...{ name: column, sql: `t."${column}"` },
    type: numbers.includes(column) ? 'BIGINT' : 'VARCHAR',
  }));
}
