import { COMMAND_MEMBERS, membersOf } from '../../model/members.ts';
import { normalizeCommand } from '../../model/normalize-command.ts';
import type { NormalizedCommand } from '../../model/observed-command.ts';
import { asText, type Members } from '../../model/read-member.ts';

/** A command's columns from the row in an entry from before states of commands had a JSON of their own. */
export function columnsOfRowEntry(row: Members): NormalizedCommand {
  const columns = Object.fromEntries(membersOf(COMMAND_MEMBERS).map(({ name, column }) => [name, row[column] ?? null]));
  return { ...normalizeCommand({}), ...columns, otherMembersJson: asText(row.other_members_json) };
}
