import type { Database } from 'better-sqlite3';
import { hotColumns } from './hot-columns.ts';
import type { HotColumn, LakeRow, LakeTable } from './lake-table.ts';
import { nextMonth } from './months.ts';
import { COMMANDS_FOLDER } from './object-key.ts';

const KEY: readonly string[] = ['account_id', 'region', 'command_id'];
const ORDER = ['account_id', 'region', 'requested_at', 'command_id'];

/**
 * The commands of a month, with who sent them. They stay in SQLite too: this table is for those who have the lake alone.
 * A command without a time of request is of no month.
 */
export const COMMANDS: LakeTable = {
  name: COMMANDS_FOLDER,
  from: `main.commands c LEFT JOIN main.command_senders s
           ON s.account_id = c.account_id AND s.region = c.region AND s.command_id = c.command_id`,
  hot: columnsOfCommands,
  rows: commandsOfMonth,
  order: ORDER,
};

function columnsOfCommands(sqlite: Database): HotColumn[] {
  const ofSender = hotColumns(sqlite, 'command_senders', 's').filter(({ name }) => !KEY.includes(name));
  return [...hotColumns(sqlite, 'commands', 'c'), ...ofSender];
}

function commandsOfMonth(sqlite: Database, month: string): IterableIterator<LakeRow> {
  const columns = columnsOfCommands(sqlite).map(({ name, sql }) => `${sql} AS "${name}"`);
  return sqlite
    .prepare<[object], LakeRow>(
      `SELECT ${columns.join(', ')} FROM ${COMMANDS.from}
        WHERE c.requested_at >= :month AND c.requested_at < :next ORDER BY ${ORDER.map((name) => `c.${name}`).join(', ')}`,
    )
    .raw()
    .iterate({ month, next: nextMonth(month) });
}
