import type { Database } from 'better-sqlite3';
import type { Condition } from '../../db/condition.ts';
import { prepareOnce } from '../../db/prepare-once.ts';
import { readKeyset } from '../../db/read-keyset.ts';
import { selectMembers } from '../../db/select-members.ts';
import type { KeyOrder } from '../../lib/keyset.ts';
import { LISTED_COMMAND_MEMBERS } from '../../model/listed-members.ts';
import type { ShownRow, StoredRow } from '../../model/member-row.ts';
import { type StatusCount, type StatusCounts, sumByStatus } from '../shared/status-counts.ts';

export interface CommandKey {
  accountId: string;
  region: string;
  commandId: string;
}

/**
 * A command with its nodes counted by status. The status is the one that the service gave the command itself, which may
 * differ from the status of every node; null if the command was never listed. Times are ISO text: the first and last
 * request to a node, and the last change.
 */
export interface CommandView extends CommandKey, ShownRow<typeof LISTED_COMMAND_MEMBERS> {
  lastRequestedAt: string | null;
  firstSeenAt: string;
  changedAt: string | null;
  invocations: number;
  byStatus: StatusCounts;
}

export type CommandPosition = readonly [
  requestedAt: string | null,
  commandId: string,
  accountId: string,
  region: string,
];

export interface CommandsQuery {
  accountId?: string | undefined;
  region?: string | undefined;
  documentName?: string | undefined;
  /**
   * Limits for the time of the command's earliest request: `requestedAfter` is inclusive, `requestedBefore` exclusive.
   */
  requestedAfter?: string | undefined;
  requestedBefore?: string | undefined;
  limit: number;
  after?: CommandPosition | undefined;
}

export interface CommandPage {
  items: CommandView[];
  next: CommandPosition | undefined;
}

/** A command as a row with the columns COMMAND_COLUMNS. */
export type CommandRow = CommandKey & StoredRow<typeof LISTED_COMMAND_MEMBERS> & { firstSeenAt: string };

export const COMMAND_COLUMNS = `c.account_id AS accountId, c.region, c.command_id AS commandId,
  ${selectMembers(LISTED_COMMAND_MEMBERS, 'c')}, c.first_seen_at AS firstSeenAt`;

const ORDER: KeyOrder = [
  { sql: 'c.requested_at', isDescending: true, canBeNull: true },
  { sql: 'c.command_id', isDescending: true },
  { sql: 'c.account_id', isDescending: true },
  { sql: 'c.region', isDescending: true },
];

/** A page of commands, the newest first. Commands without a request time come last. */
export function listCommands(sqlite: Database, query: CommandsQuery): CommandPage {
  return sqlite.transaction((): CommandPage => {
    const from = 'commands c INDEXED BY commands_requested_at';
    const { rows, next } = readKeyset<CommandRow, CommandPosition>(sqlite, {
      ...{ order: ORDER, after: query.after, limit: query.limit },
      streams: [{ select: COMMAND_COLUMNS, from, conditions: conditionsOf(query) }],
      positionOf: (row) => [row.requestedAt, row.commandId, row.accountId, row.region],
    });
    const count = createCommandCounter(sqlite);
    return { items: rows.map((row) => ({ ...row, ...count(row) })), next };
  })();
}

/** Prepares the statement once and returns a function that sums up a command's invocations. */
export function createCommandCounter(sqlite: Database) {
  const read = prepareOnce<unknown[], StatusCount & { lastRequestedAt: string | null; changedAt: string }>(
    sqlite,
    `SELECT status, count(*) AS count, max(requested_at) AS lastRequestedAt, max(changed_at) AS changedAt
       FROM invocations INDEXED BY invocations_key WHERE command_id = ? AND account_id = ? AND region = ?
      GROUP BY status ORDER BY status`,
  );
  return ({ commandId, accountId, region }: CommandKey) => {
    const rows = read.all(commandId, accountId, region);
    return {
      lastRequestedAt: latest(rows.map((row) => row.lastRequestedAt)),
      changedAt: latest(rows.map((row) => row.changedAt)),
      ...sumByStatus(rows),
    };
  };
}

function latest(times: readonly (string | null)[]): string | null {
  return times.reduce((a, b) => (a === null || (b !== null && b > a) ? b : a), null);
}

function conditionsOf(query: CommandsQuery): Condition[] {
  const conditions: Condition[] = [];
  const add = (sql: string, value: string | undefined) => {
    if (value !== undefined) conditions.push({ sql, params: [value] });
  };
  add('c.account_id = ?', query.accountId);
  add('c.region = ?', query.region);
  add('c.document_name = ?', query.documentName);
  add('c.requested_at >= ?', query.requestedAfter);
  add('c.requested_at < ?', query.requestedBefore);
  return conditions;
}
