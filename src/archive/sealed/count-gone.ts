import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import type { StatusCount } from '../shared/status-counts.ts';
import { isLakeIndex } from './lake-index.ts';

interface Group extends StatusCount {
  accountId: string;
  region: string;
  commandId: string;
  firstRequestedAt: string;
  lastRequestedAt: string;
  lastChangedAt: string;
}

/**
 * Notes that invocations are about to leave the file for the lake, so that the counts of their commands stay. Call it
 * in the transaction that deletes their rows, before that.
 */
export function countGone(sqlite: Database, ids: readonly number[]): void {
  const add = prepareOnce<[Group], unknown>(
    sqlite,
    `UPDATE sealed_commands SET invocations = invocations + :count, first_requested_at = min(first_requested_at, :firstRequestedAt),
       last_requested_at = max(last_requested_at, :lastRequestedAt), last_changed_at = max(last_changed_at, :lastChangedAt)
      WHERE ${IS_GROUP}`,
  );
  const begin = prepareOnce<[Group], unknown>(
    sqlite,
    `INSERT INTO sealed_commands (account_id, region, command_id, status, invocations, first_requested_at, last_requested_at,
       last_changed_at)
     VALUES (:accountId, :region, :commandId, :status, :count, :firstRequestedAt, :lastRequestedAt, :lastChangedAt)`,
  );
  for (const group of groupsOf(sqlite, ids)) if (add.run(group).changes === 0) begin.run(group);
}

/** Notes that invocations are in the file again. Call it in the transaction that brings them back, after that. */
export function countBack(sqlite: Database, ids: readonly number[]): void {
  const subtract = prepareOnce<[object], unknown>(
    sqlite,
    `UPDATE sealed_commands SET invocations = invocations - :count WHERE ${IS_GROUP}`,
  );
  for (const { accountId, region, commandId, status, count } of groupsOf(sqlite, ids))
    subtract.run({ accountId, region, commandId, status, count });
}

const IS_GROUP = 'command_id = :commandId AND account_id = :accountId AND region = :region AND status IS :status';

function groupsOf(sqlite: Database, ids: readonly number[]): Group[] {
  return prepareOnce<[string], Group>(
    sqlite,
    `SELECT i.account_id AS accountId, i.region, i.command_id AS commandId, i.status, count(*) AS count,
            min(i.requested_at) AS firstRequestedAt, max(i.requested_at) AS lastRequestedAt, max(i.changed_at) AS lastChangedAt
       FROM json_each(?) j JOIN main.invocations i ON i.id = j.value GROUP BY 1, 2, 3, 4`,
  ).all(JSON.stringify(ids));
}

/** Whether invocations of a command are in the lake alone, or may be: an index of a lake has no counts of commands. */
export function hasGone(
  sqlite: Database,
  { accountId, region }: { accountId: string; region: string },
  { commandId }: { commandId: string },
): boolean {
  if (isLakeIndex(sqlite)) return true;
  const found = prepareOnce<[string, string, string], unknown>(
    sqlite,
    'SELECT 1 FROM sealed_commands WHERE command_id = ? AND account_id = ? AND region = ? AND invocations > 0 LIMIT 1',
  );
  return found.get(commandId, accountId, region) !== undefined;
}

/** SQL: how many invocations of the command with this alias are in the lake alone. */
export function sealedInvocationsOf(alias: string): string {
  return `coalesce((SELECT sum(sc.invocations) FROM sealed_commands sc WHERE sc.command_id = ${alias}.command_id
    AND sc.account_id = ${alias}.account_id AND sc.region = ${alias}.region), 0)`;
}
