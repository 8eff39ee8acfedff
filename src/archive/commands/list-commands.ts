import type { Database } from 'better-sqlite3';
import type { Condition } from '../../db/condition.ts';
import { type KeysetPage, readKeyset } from '../../db/read-keyset.ts';
import type { KeyOrder } from '../../lib/keyset.ts';
import { withPastTables } from '../invocations/as-of.ts';
import { commandAt } from './command-at.ts';
import {
  COMMAND_COLUMNS,
  type CommandRow,
  type CommandView,
  commandView,
  createCommandCounter,
} from './command-view.ts';
import { getSender } from './get-sender.ts';

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
  /** ISO time: the commands are as the archive knew them then. Their order is that of the times known now. */
  asOf?: string | undefined;
  limit: number;
  after?: CommandPosition | undefined;
}

export interface CommandPage {
  items: CommandView[];
  next: CommandPosition | undefined;
}

const ORDER: KeyOrder = [
  { sql: 'c.requested_at', isDescending: true, canBeNull: true },
  { sql: 'c.command_id', isDescending: true },
  { sql: 'c.account_id', isDescending: true },
  { sql: 'c.region', isDescending: true },
];

/** A page of commands, the newest first. Commands without a request time come last. */
export function listCommands(sqlite: Database, query: CommandsQuery): CommandPage {
  return sqlite.transaction((): CommandPage => {
    const { rows, next } = readCommandRows(sqlite, query);
    const { asOf } = query;
    if (asOf === undefined) {
      const count = createCommandCounter(sqlite);
      return { items: rows.map((row) => commandView(row, count(row), getSender(sqlite, row))), next };
    }
    return withPastTables(sqlite, (past) => {
      const items = rows.flatMap((row) => {
        const then = commandAt(sqlite, row, asOf, past);
        past.clear();
        return then ?? [];
      });
      return { items, next };
    });
  })();
}

/** A page of commands as rows, without anything about their invocations. */
export function readCommandRows(sqlite: Database, query: CommandsQuery): KeysetPage<CommandRow, CommandPosition> {
  const from = 'commands c INDEXED BY commands_requested_at';
  return readKeyset<CommandRow, CommandPosition>(sqlite, {
    ...{ order: ORDER, after: query.after, limit: query.limit },
    streams: [{ select: COMMAND_COLUMNS, from, conditions: conditionsOf(query) }],
    positionOf: (row) => [row.requestedAt, row.commandId, row.accountId, row.region],
  });
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
  add('c.first_seen_at <= ?', query.asOf);
  return conditions;
}
