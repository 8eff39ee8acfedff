import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { sealedWalk } from '../sealed/sealed-values.ts';
import type { KnownPlaces } from './known-places.ts';
import { hasFewRows } from './rows-at-most.ts';

/** What a search for a value needs. */
export interface Look {
  sqlite: Database;
  places: () => KnownPlaces;
}

/** Whether the SQL finds a row for the value. The SQL must use an index. */
export function finds({ sqlite }: Look, sql: string, value: string): boolean {
  return prepareOnce<[{ value: string }], unknown>(sqlite, sql).get({ value }) !== undefined;
}

/**
 * Calls the functions in order and returns the first result that is true or unknown (undefined); false if all results
 * are false.
 */
export function firstKnown(...looks: readonly (() => boolean | undefined)[]): boolean | undefined {
  for (const look of looks) {
    const found = look();
    if (found !== false) return found;
  }
  return false;
}

/** Whether an invocation of a sealed day has the value. */
export function isSealed({ sqlite }: Look, kind: Parameters<typeof sealedWalk>[1], value: string): boolean {
  return sealedWalk(sqlite, kind).from(value) === value;
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
 * Whether a command has the value. A command has many invocations, so there are far fewer commands to read. In JSON an
 * id is in quotes, so the search finds only whole ids.
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
 * Whether a command with this id is known from ListCommands, from its sender, or because it is still followed. The keys
 * of the three tables that say so begin with account and region.
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
