import type { Database } from 'better-sqlite3';
import { freshSchema } from '../../db/fresh-schema.ts';
import { addFault, type Fault } from './fault.ts';

/**
 * Compares tables, indexes, views and triggers with the schema of a new archive of this version. A missing trigger is a
 * fault, because history may have been changed without it. An extra trigger is a fault, because it may change what is
 * written. Tables, indexes and views that a user has added are no faults.
 */
export function checkSchema(sqlite: Database): Fault[] {
  const faults: Fault[] = [];
  const fresh = freshSchema(sqlite);
  const found = new Map(fresh.present.map((item) => [`${item.type} ${item.name}`, `${item.sql} ${item.rest}`]));
  for (const { type, name, sql, rest } of fresh.expected) {
    const key = `${type} ${name}`;
    if (!found.has(key)) addFault(faults, `the ${key} is missing`);
    else if (found.get(key) !== `${sql} ${rest}`) addFault(faults, `the ${key} differs from what this version makes`);
    found.delete(key);
  }
  for (const key of found.keys())
    if (key.startsWith('trigger ')) addFault(faults, `the ${key} does not belong to ssm-archive`);
  if (fresh.migrationsDiffer)
    addFault(faults, 'the record of migrations, __drizzle_migrations, differs from what this version makes');
  if (fresh.statisticsDiffer)
    addFault(
      faults,
      "the query planner's statistics, sqlite_stat1 and sqlite_stat4, differ from what this version makes",
    );
  return faults;
}
