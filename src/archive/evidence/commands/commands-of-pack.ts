import type { Database } from 'better-sqlite3';
import { type Condition, joined } from '../../../db/condition.ts';
import type { InvocationFilter } from '../../../questions/filters.ts';
import { conditionsOf, PRESENT } from '../../invocations/invocation-filter.ts';

/**
 * Whether the question of a pack names a command that the archive has. Such a command is in the pack even if it reached
 * no node.
 */
export function hasNamedCommand(sqlite: Database, filter: InvocationFilter): boolean {
  const named = namedCommand(filter);
  return named !== undefined && sqlite.prepare(`${named.sql} LIMIT 1`).get(...named.params) !== undefined;
}

/**
 * Calls `work` while the table `temp.pack_commands` has the keys of the pack's commands: those of the invocations that
 * the filter finds, and the command that the filter names.
 */
export function withCommandsOfPack<T>(sqlite: Database, filter: InvocationFilter, work: () => T): T {
  const found = joined([...conditionsOf(filter, PRESENT).values()]);
  const named = namedCommand(filter);
  sqlite.exec(
    'CREATE TEMP TABLE pack_commands (command_id TEXT, account_id TEXT, region TEXT, PRIMARY KEY (command_id, account_id, region)) WITHOUT ROWID',
  );
  try {
    sqlite
      .prepare(
        `INSERT OR IGNORE INTO temp.pack_commands (command_id, account_id, region)
           SELECT i.command_id, i.account_id, i.region FROM main.invocations i WHERE ${found.sql}${named ? ` UNION ALL ${named.sql}` : ''}`,
      )
      .run(...found.params, ...(named?.params ?? []));
    return work();
  } finally {
    sqlite.exec('DROP TABLE temp.pack_commands');
  }
}

/**
 * The command that a filter names. Undefined if none is named, or if something is asked for that only an invocation
 * has, such as a node or a status: a command without such an invocation is not what was asked for.
 */
function namedCommand(filter: InvocationFilter): Condition | undefined {
  const { commandId, account, region, documentName, requestedAfter, requestedBefore, ...ofInvocations } = filter;
  if (commandId === undefined || Object.values(ofInvocations).some((value) => value !== undefined)) return undefined;
  const conditions: Condition[] = [];
  const add = (sql: string, value: string | undefined) => {
    if (value !== undefined) conditions.push({ sql, params: [value] });
  };
  add('c.command_id = ?', commandId);
  add('c.account_id = ?', account);
  add('c.region = ?', region);
  add('c.document_name = ?', documentName);
  add('c.requested_at >= ?', requestedAfter);
  add('c.requested_at < ?', requestedBefore);
  const { sql, params } = joined(conditions);
  return { sql: `SELECT c.command_id, c.account_id, c.region FROM main.commands c WHERE ${sql}`, params };
}
