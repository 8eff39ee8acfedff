import type { Database } from 'better-sqlite3';
import { commandAt } from '../commands/command-at.ts';
import { type CommandPage, type CommandsQuery, listCommands, readCommandRows } from '../commands/list-commands.ts';
import { withPastTables } from '../invocations/as-of.ts';
import type { SealedDays } from '../sealed/sealed-days.ts';
import { hasSealedDays } from './in-snapshot.ts';

/**
 * A page of commands. Their present counts are known without their invocations; as of a past time, the states of all
 * their invocations are read, also those of sealed days.
 */
export async function listAllCommands(
  sqlite: Database,
  query: CommandsQuery,
  sealed: SealedDays,
): Promise<CommandPage> {
  const { asOf } = query;
  if (asOf === undefined || !hasSealedDays(sqlite)) return listCommands(sqlite, query);
  const { rows, next } = readCommandRows(sqlite, query);
  const items: CommandPage['items'] = [];
  for (const row of rows) {
    const { accountId, region, commandId } = row;
    const cold = await sealed.bring(sqlite, { accountId, region, commandId }, [
      'plugins',
      'revisions',
      'earlier_outputs',
    ]);
    const from = cold ?? sqlite;
    const then = from.transaction(() => withPastTables(from, (past) => commandAt(from, row, asOf, past)))();
    if (then) items.push(then);
  }
  return { items, next };
}
