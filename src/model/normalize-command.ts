import { canonicalJson } from '../lib/json/canonical-json.ts';
import { createRemainder } from './create-remainder.ts';
import { createRowReader } from './member-row.ts';
import { COMMAND_MEMBERS } from './members.ts';
import type { NormalizedCommand } from './observed-command.ts';
import type { Members } from './read-member.ts';

const readRow = createRowReader(COMMAND_MEMBERS);
const remainderOf = createRemainder(COMMAND_MEMBERS);

/**
 * Returns an element of Commands in the archive's columns. A member of an unexpected type is null in its column, and is
 * kept with those that have no column.
 */
export function normalizeCommand({ CommandId: _, ...members }: Members): NormalizedCommand {
  const row = readRow(members);
  const others = remainderOf(members, row);
  const otherMembersJson = Object.keys(others).length > 0 ? canonicalJson(others) : null;
  return Object.assign(row, { otherMembersJson });
}
