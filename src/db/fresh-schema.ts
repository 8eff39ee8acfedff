import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { packageRoot } from '../lib/process/package-root.ts';
import { migrate } from './migrate.ts';

interface SchemaItem {
  type: string;
  name: string;
  sql: string | null;
  /**
   * The row's table, and the type of each of its columns: a name that is not text must count as different from a text
   * with the same bytes.
   */
  rest: string;
}

export interface SchemaComparison {
  expected: SchemaItem[];
  present: SchemaItem[];
  migrationsDiffer: boolean;
  statisticsDiffer: boolean;
}

/** The content of a new file of this version. */
interface Fresh {
  items: SchemaItem[];
  migrations: string;
  statistics: string;
}

let made: Fresh | undefined;

/** Compares the schema that this version makes in a new file with the schema of a file. */
export function freshSchema(sqlite: SQLite.Database): SchemaComparison {
  // To make the schema, all migrations have to run, and the result is always the same. So it is made only once.
  made ??= makeFresh();
  const present = itemsOf(sqlite);
  return {
    expected: made.items,
    present,
    migrationsDiffer: made.migrations !== schemaText(sqlite, present, MIGRATIONS),
    statisticsDiffer: made.statistics !== schemaText(sqlite, present, STATISTICS),
  };
}

function makeFresh(): Fresh {
  const fresh = new SQLite(':memory:');
  try {
    migrate(fresh, join(packageRoot(), 'migrations'));
    const items = itemsOf(fresh);
    return {
      items,
      migrations: schemaText(fresh, items, MIGRATIONS),
      statistics: schemaText(fresh, items, STATISTICS),
    };
  } finally {
    fresh.close();
  }
}

/** Tables by name, with the SQL that reads them. */
const MIGRATIONS = { __drizzle_migrations: 'SELECT id, hash, created_at FROM __drizzle_migrations ORDER BY id' };
const STATISTICS = {
  sqlite_stat1: 'SELECT tbl, idx, stat FROM sqlite_stat1 ORDER BY tbl, idx',
  sqlite_stat4: 'SELECT tbl, idx FROM sqlite_stat4',
};

function itemsOf(sqlite: SQLite.Database): SchemaItem[] {
  return sqlite
    .prepare<[], SchemaItem>(
      `SELECT type, name, sql, tbl_name || ' ' || typeof(type) || typeof(name) || typeof(tbl_name) || typeof(sql) AS rest
       FROM sqlite_schema ORDER BY type, name`,
    )
    .all();
}

/** Returns the rows of those tables that exist. */
function schemaText(sqlite: SQLite.Database, items: SchemaItem[], tables: Readonly<Record<string, string>>): string {
  const there = Object.entries(tables).filter(([table]) => items.some(({ name }) => name === table));
  return JSON.stringify(there.map(([table, sql]) => [table, sqlite.prepare(sql).raw().all()]));
}
