import type { Database } from 'better-sqlite3';
import { type Condition, joined } from '../../../db/condition.ts';
import type { InvocationFilter } from '../../../questions/filters.ts';
import { conditionsOf, PRESENT } from '../../invocations/invocation-filter.ts';

/** Whether the archive has a command that the question of a pack asks for, also one that reached no node. */
export function hasCommands(sqlite: Database, filter: InvocationFilter): boolean {
  const asked = commandsAsked(filter);
  return asked !== undefined && sqlite.prepare(`${asked.sql} LIMIT 1`).get(...asked.params) !== undefined;
}

/**
 * Calls `work` while the table `temp.pack_commands` has the keys of the pack's commands: those of the invocations that
 * the filter finds, and those that were requested in its span, although some of these may have reached no node.
 */
export function withCommandsOfPack<T>(sqlite: Database, filter: InvocationFilter, work: () => T): T {
  const found = joined([...conditionsOf(filter, PRESENT).values()]);
  const asked = commandsAsked(filter);
  sqlite.exec(
    'CREATE TEMP TABLE pack_commands (command_id TEXT, account_id TEXT, region TEXT, PRIMARY KEY (command_id, account_id, region)) WITHOUT ROWID',
  );
  try {
    sqlite
      .prepare(
        `INSERT OR IGNORE INTO temp.pack_commands (command_id, account_id, region)
           SELECT i.command_id, i.account_id, i.region FROM invocations i WHERE ${found.sql}${asked ? ` UNION ALL ${asked.sql}` : ''}`,
      )
      .run(...found.params, ...(asked?.params ?? []));
    return work();
  } finally {
    sqlite.exec('DROP TABLE temp.pack_commands');
  }
}

/**
 * The commands that a filter finds. Undefined if something is asked for that only an invocation has, such as a node or
 * a status: a command without such an invocation is not what was asked for.
 */
function commandsAsked(filter: InvocationFilter): Condition | undefined {
  const { commandId, account, region, documentName, comment, sender, ...rest } = filter;
  const { requestedAfter, requestedBefore, ...ofInvocations } = rest;
  if (Object.values(ofInvocations).some((value) => value !== undefined)) return undefined;
  const conditions: Condition[] = [];
  const add = (sql: string, value: string | undefined) => {
    if (value !== undefined) conditions.push({ sql, params: [value] });
  };
  add('c.command_id = ?', commandId);
  add('c.account_id = ?', account);
  add('c.region = ?', region);
  add('c.document_name = ?', documentName);
  add('instr(c.comment, ?) > 0', comment);
  add(
    `EXISTS (SELECT 1 FROM main.command_senders s WHERE s.account_id = c.account_id AND s.region = c.region
       AND s.command_id = c.command_id AND s.principal_arn = ?)`,
    sender,
  );
  add('c.requested_at >= ?', requestedAfter);
  add('c.requested_at < ?', requestedBefore);
  const { sql, params } = joined(conditions);
  return { sql: `SELECT c.command_id, c.account_id, c.region FROM main.commands c WHERE ${sql}`, params };
}
