import type { Database } from 'better-sqlite3';
import { freshSchema } from '../../db/fresh-schema.ts';
import { addFault, type Fault } from './fault.ts';

/**
 * Holds tables, indexes, views and triggers to those of a new archive of this version: a trigger that is gone no longer holds history to
 * being append-only, and one too many may change what is written. Tables, indexes and views of somebody's own are left alone.
 */
export function checkSchema(sqlite: Database): Fault[] {
  const faults: Fault[] = [];
  const fresh = freshSchema(sqlite);
  const found = new Map(fresh.present.map((item) => [`${item.type} ${item.name}`, `${item.sql} ${item.rest}`]));
  for (const { type, name, sql, rest } of fresh.expected) {
    const key = `${type} ${name}`;
    if (!found.has(key)) addFault(faults, `the ${key} is missing`);
    else if (found.get(key) !== `${sql} ${rest}`) addFault(faults, `the ${key} is not as this version makes it`);
    found.delete(key);
  }
  for (const key of found.keys())
    if (key.startsWith('trigger ')) addFault(faults, `the ${key} is none of ssm-archive’s`);
  if (fresh.migrationsDiffer)
    addFault(faults, 'the record of migrations, __drizzle_migrations, is not as this version makes it');
  if (fresh.statisticsDiffer)
    addFault(
      faults,
      'the statistics of the planner, sqlite_stat1 and sqlite_stat4, are not as this version makes them',
    );
  return faults;
}
