import SQLite from 'better-sqlite3';
import { migrate } from '../../db/migrate.ts';
import { MIGRATIONS } from '../../db/open.ts';
import { COMMANDS } from '../tables/commands-table.ts';
import { columnsOf, type LakeColumn, type LakeTable } from '../tables/lake-table.ts';
import { LAKE_TABLES } from '../tables/lake-tables.ts';

/** A table of the lake, as another engine is to see it. */
export interface DdlTable {
  /** The table's name, which is that of its folder too. */
  name: string;
  /** The columns that its files have. */
  columns: readonly LakeColumn[];
  /** What its folders are named for: `day=2026-03-01`, or `month=2026-03`. No file has it as a column. */
  partition: 'day' | 'month';
}

/** The tables of days, invocations first, and the one of months. */
const TABLES: readonly (Pick<DdlTable, 'partition'> & { table: LakeTable })[] = [
  ...[...LAKE_TABLES].reverse().map((table) => ({ table, partition: 'day' as const })),
  { table: COMMANDS, partition: 'month' },
];

/** The names of the lake's tables. */
export const DDL_TABLE_NAMES: readonly string[] = TABLES.map(({ table }) => table.name);

/** Returns the tables as this version writes them. A new archive in memory says which columns they have. */
export function ddlTables(): DdlTable[] {
  const sqlite = new SQLite(':memory:');
  try {
    migrate(sqlite, MIGRATIONS);
    return TABLES.map(({ table, partition }) => ({ name: table.name, partition, columns: columnsOf(table, sqlite) }));
  } finally {
    sqlite.close();
  }
}
