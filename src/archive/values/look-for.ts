import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import type { KnownPlaces } from './known-places.ts';
import { hasFewRows } from './rows-at-most.ts';

/** Where a value is searched. */
export interface Look {
  sqlite: Database;
  places: () => KnownPlaces;
}

/** Whether a row is found, by an index. */
export function finds({ sqlite }: Look, sql: string, value: string): boolean {
  return prepareOnce<[{ value: string }], unknown>(sqlite, sql).get({ value }) !== undefined;
}

/** True if one answer is true, false if all are false. Stops at the first unknown answer. */
export function firstKnown(...looks: readonly (() => boolean | undefined)[]): boolean | undefined {
  for (const look of looks) {
    const found = look();
    if (found !== false) return found;
  }
  return false;
}

/** Whether a row has the value; undefined if there are too many rows to read. */
export function inRows(
  { sqlite }: Look,
  table: 'invocations' | 'plugins' | 'commands',
  condition: string,
  value: string,
): boolean | undefined {
  if (!hasFewRows(sqlite, table)) return undefined;
  return (
    prepareOnce<[object], unknown>(sqlite, `SELECT 1 FROM main.${table} NOT INDEXED WHERE ${condition} LIMIT 1`).get({
      value,
    }) !== undefined
  );
}

/**
 * A command has some nodes and one document, so there are far fewer commands than invocations. JSON puts an id in
 * quotes, so the match is whole.
 */
export function inCommands({ sqlite }: Look, condition: string, value: string): boolean | undefined {
  if (!hasFewRows(sqlite, 'commands')) return undefined;
  const find = prepareOnce<[object], unknown>(
    sqlite,
    `SELECT 1 FROM main.commands NOT INDEXED WHERE ${condition} LIMIT 1`,
  );
  const params = condition.includes(':part') ? { part: JSON.stringify(value) } : { value };
  return find.get(params) !== undefined;
}

/**
 * A command that is known only from ListCommands, a sender, or the commands that are followed. The keys of these tables
 * begin with account and region.
 */
export function isCommand({ sqlite, places }: Look, commandId: string): boolean | undefined {
  const { pairs, areAll } = places();
  for (const table of ['commands', 'command_senders', 'unfinished_commands'] as const) {
    const find = prepareOnce<[object], unknown>(
      sqlite,
      `SELECT 1 FROM main.${table} WHERE account_id = :accountId AND region = :region AND command_id = :commandId`,
    );
    if (pairs.some((place) => find.get({ ...place, commandId }) !== undefined)) return true;
  }
  return areAll ? false : undefined;
}
