import type { Database } from 'better-sqlite3';
import { recordOf } from '../../../lib/json/record-of.ts';
import { COMMAND_MEMBERS, INVOCATION_MEMBERS, type MemberList, STEP_MEMBERS } from '../../../model/members.ts';

/** The tables that have columns of members. */
const TABLES = ['invocations', 'plugins', 'commands'] as const;
type Table = (typeof TABLES)[number];

const MEMBERS: Readonly<Record<Table, MemberList>> = {
  invocations: INVOCATION_MEMBERS,
  plugins: STEP_MEMBERS,
  commands: COMMAND_MEMBERS,
};

/** The names of the columns of each table; none if the file does not have the table. */
export type Columns = Readonly<Record<Table, ReadonlySet<string>>>;
/** Some members of each list, by the table that has their columns. */
export type NewMembers = Readonly<Record<Table, MemberList>>;

/** Returns the columns of the tables that have members. */
export function readColumns(sqlite: Database): Columns {
  const names = sqlite.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck();
  return recordOf(TABLES, (table) => new Set(names.all(table)));
}

/** Returns the members whose columns were added since to a table that was there before. */
export function findNewMembers(before: Columns, now: Columns): NewMembers {
  return recordOf(TABLES, (table) =>
    Object.fromEntries(
      Object.entries(MEMBERS[table]).filter(
        ([, { column }]) => before[table].size > 0 && now[table].has(column) && !before[table].has(column),
      ),
    ),
  );
}
