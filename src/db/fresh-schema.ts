import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { packageRoot } from '../lib/package-root.ts';
import { migrate } from './migrate.ts';

interface SchemaItem {
  type: string;
  name: string;
  sql: string | null;
}

export interface SchemaComparison {
  expected: SchemaItem[];
  present: SchemaItem[];
  migrationsDiffer: boolean;
  statisticsDiffer: boolean;
}

/** What this version makes of a new file, beside what a file has. */
export function freshSchema(sqlite: SQLite.Database): SchemaComparison {
  const fresh = new SQLite(':memory:');
  try {
    migrate(fresh, join(packageRoot(), 'migrations'));
    return {
      expected: itemsOf(fresh),
      present: itemsOf(sqlite),
      migrationsDiffer: textOf(fresh, MIGRATIONS) !== textOf(sqlite, MIGRATIONS),
      statisticsDiffer: textOf(fresh, STATISTICS) !== textOf(sqlite, STATISTICS),
    };
  } finally {
    fresh.close();
  }
}

const MIGRATIONS = 'SELECT id, hash, created_at FROM __drizzle_migrations ORDER BY id';
const STATISTICS = 'SELECT tbl, idx, stat FROM sqlite_stat1 ORDER BY tbl, idx';

function itemsOf(sqlite: SQLite.Database): SchemaItem[] {
  return sqlite.prepare<[], SchemaItem>('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name').all();
}

function textOf(sqlite: SQLite.Database, sql: string): string {
  return JSON.stringify(sqlite.prepare(sql).raw().all());
}
