import { COMMAND_MEMBERS, membersOf } from '../../model/members.ts';
import { normalizeCommand } from '../../model/normalize-command.ts';
import type { NormalizedCommand } from '../../model/observed-command.ts';
import { asMembers, asText, type Members } from '../../model/read-member.ts';

/**
 * Returns a command's columns from the row in an entry from before states had a JSON of their own. A member that got a
 * column after the entry was written is still among the other members there, and is read from them.
 */
export function columnsOfRowEntry(row: Members): NormalizedCommand {
  const others = asText(row.other_members_json);
  const columns = normalizeCommand(others === null ? {} : (asMembers(JSON.parse(others)) ?? {}));
  const stored = membersOf(COMMAND_MEMBERS).filter(({ column }) => column in row);
  return { ...columns, ...Object.fromEntries(stored.map(({ name, column }) => [name, row[column]])) };
}
