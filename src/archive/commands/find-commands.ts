import type { Database } from 'better-sqlite3';
import type { Condition } from '../../db/condition.ts';
import { readKeyset } from '../../db/read-keyset.ts';
import { FINAL_LIST } from '../../db/sql/final-sql.ts';
import type { KeyOrder } from '../../lib/keyset.ts';
import type { NormalizedCommand } from '../../model/observed-command.ts';
import { LISTED_COLUMNS } from '../record/record-listed-commands.ts';

/** The position at which a page ended. */
export type CommandPosition = readonly [requestedAt: string | null, commandId: string];

export interface CommandSearch {
  accountId: string;
  region: string;
  commandId?: string | undefined;
  /** A node that the command was sent to, or that it names as a target. */
  instanceId?: string | undefined;
  documentName?: string | undefined;
  /**
   * Lists of Status and StatusDetails values. Each list must contain the Status or the StatusDetails of the command.
   */
  statuses: readonly (readonly string[])[];
  /** Whether the command has ended. A command without a status counts as neither ended nor unfinished. */
  isFinal?: boolean | undefined;
  /** ISO times: `requestedAfter` is inclusive, `requestedBefore` exclusive. */
  requestedAfter?: string | undefined;
  requestedBefore?: string | undefined;
  /** Commands that were sent to the node, according to invocations that are not in the archive's file. */
  sentTo?: readonly string[] | undefined;
  limit: number;
  after?: CommandPosition | undefined;
}

export interface StoredCommand extends NormalizedCommand {
  commandId: string;
}

export interface FoundCommands {
  items: StoredCommand[];
  next: CommandPosition | undefined;
}

const COLUMNS = ['c.command_id AS commandId']
  .concat(LISTED_COLUMNS.map(({ name, column }) => `c.${column} AS ${name}`))
  .join(', ');
const FINAL = `c.status IN ${FINAL_LIST}`;
/**
 * If a command has not reached all of its nodes, only the nodes that it names are known. In JSON an id is in quotes, so
 * the search finds only whole ids.
 */
const NAMES_NODE = `SELECT c.command_id FROM commands c WHERE c.account_id = ? AND c.region = ? AND NOT ${FINAL}
  AND instr(c.instance_ids_json, '"' || ? || '"') > 0`;

/** The order of commands within one account and region. */
const ORDER: KeyOrder = [{ sql: 'c.requested_at', isDescending: true, canBeNull: true }, { sql: 'c.command_id' }];

/** A page of one account and region's commands, newest first. Equal times are ordered by CommandId. */
export function findCommands(sqlite: Database, search: CommandSearch): FoundCommands {
  return sqlite.transaction((): FoundCommands => {
    const { rows, next } = readKeyset<StoredCommand, CommandPosition>(sqlite, {
      ...{ order: ORDER, after: search.after, limit: search.limit },
      streams: [{ select: COLUMNS, from: 'commands c', conditions: conditionsOf(search) }],
      positionOf: (row) => [row.requestedAt, row.commandId],
    });
    return { items: rows, next };
  })();
}

/** Whether a search reads few rows besides those that it returns. */
export function isBoundedCommandSearch({ commandId, instanceId, documentName, statuses, isFinal }: CommandSearch) {
  const isFiltered = instanceId !== undefined || documentName !== undefined || isFinal !== undefined;
  return commandId !== undefined || (!isFiltered && statuses.length === 0);
}

function conditionsOf(search: CommandSearch): Condition[] {
  const { accountId, region, commandId, instanceId, documentName, requestedAfter, requestedBefore, isFinal } = search;
  const conditions: Condition[] = [{ sql: 'c.account_id = ? AND c.region = ?', params: [accountId, region] }];
  const add = (sql: string, ...params: string[]) => conditions.push({ sql, params });
  if (commandId !== undefined) add('c.command_id = ?', commandId);
  if (instanceId !== undefined) {
    add(
      `c.command_id IN (SELECT i.command_id FROM invocations i WHERE i.instance_id = ? AND i.account_id = ? AND i.region = ?
        UNION ALL ${NAMES_NODE} UNION ALL SELECT value FROM json_each(?))`,
      ...[instanceId, accountId, region, accountId, region, instanceId, JSON.stringify(search.sentTo ?? [])],
    );
  }
  if (documentName !== undefined) add('c.document_name = ?', documentName);
  for (const values of search.statuses) {
    const marks = values.map(() => '?').join(', ');
    add(`(c.status IN (${marks}) OR c.status_details IN (${marks}))`, ...values, ...values);
  }
  if (isFinal !== undefined) add(isFinal ? FINAL : `NOT ${FINAL}`);
  if (requestedAfter !== undefined) add('c.requested_at >= ?', requestedAfter);
  if (requestedBefore !== undefined) add('c.requested_at < ?', requestedBefore);
  return conditions;
}
