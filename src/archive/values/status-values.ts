import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { FINAL_LIST } from '../../db/sql/final-sql.ts';
import { STATUSES } from '../../model/final-status.ts';
import { sealedWalk } from '../sealed/sealed-values.ts';

const MOST_VALUES = 500;
const MOST_COMMANDS = 20_000;
const NEWEST_STATES = 50_000;

/**
 * Values of Status and StatusDetails that the archive has and AWS does not list. They exist because the service may add
 * new values. The values come from all invocations, from commands that have not ended, from the newest states, and from sealed days.
 */
export function statusValues(sqlite: Database): string[] {
  const listed = new Set<string>(STATUSES.map(({ name }) => name));
  const found = new Set<string>();
  const add = (...values: (string | null)[]) => {
    for (const value of values) if (value !== null && value !== '' && !listed.has(value)) found.add(value);
  };
  return sqlite.transaction(() => {
    for (const [column, index] of [
      ['status', 'invocations_status'],
      ['status_details', 'invocations_status_details'],
    ] as const) {
      // This repeats the condition of the partial index word for word, because SQLite would not use the index
      // otherwise.
      const next = prepareOnce<[string], { value: string }>(
        sqlite,
        `SELECT ${column} AS value FROM main.invocations INDEXED BY ${index} WHERE ${column} <> 'Success' AND ${column} > ?
          ORDER BY ${column} LIMIT 1`,
      );
      let value = next.get('')?.value;
      for (let n = 0; value !== undefined && n < MOST_VALUES; n++, value = next.get(value)?.value) add(value);
    }
    for (const { status, details } of rarer(sqlite)) add(status, details);
    const sealed = sealedWalk(sqlite, 'status');
    for (let value = sealed.from(''); value !== undefined; value = sealed.after(value)) add(value);
    return [...found].sort();
  })();
}

function rarer(sqlite: Database): { status: string | null; details: string | null }[] {
  return prepareOnce<[], { status: string | null; details: string | null }>(
    sqlite,
    `SELECT status, status_details AS details FROM (
       SELECT status, status_details FROM main.commands INDEXED BY commands_unended WHERE status NOT IN ${FINAL_LIST} LIMIT ${MOST_COMMANDS})
     UNION SELECT status, status_details FROM (
       SELECT status, status_details FROM main.revisions ORDER BY seq DESC LIMIT ${NEWEST_STATES})`,
  ).all();
}
