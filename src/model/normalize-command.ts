import { canonicalJson } from '../lib/json/canonical-json.ts';
import { createRowReader, partsOfName } from './member-row.ts';
import { COMMAND_MEMBERS, membersOf } from './members.ts';
import type { NormalizedCommand } from './observed-command.ts';
import type { Members } from './read-member.ts';

const WITH_COLUMNS = new Set(['CommandId']);
for (const { aws } of membersOf(COMMAND_MEMBERS)) {
  const { within, own } = partsOfName(aws);
  WITH_COLUMNS.add(within ?? own);
}

const readRow = createRowReader(COMMAND_MEMBERS);

/** Returns an element of Commands in the archive's columns. Members of an unexpected type become null. */
export function normalizeCommand(members: Members): NormalizedCommand {
  const others = Object.entries(members).filter(([name]) => !WITH_COLUMNS.has(name));
  const otherMembersJson = others.length > 0 ? canonicalJson(Object.fromEntries(others)) : null;
  return Object.assign(readRow(members), { otherMembersJson });
}
