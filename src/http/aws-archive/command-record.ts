import type { StoredCommand } from '../../archive/commands/find-commands.ts';
import { COMMAND_MEMBERS } from '../../model/members.ts';
import { asMembers, type Members } from '../../model/read-member.ts';
import type { CommandRecord } from '../aws/records.ts';
import { createRecordMaker } from './create-record-maker.ts';

const recordOf = createRecordMaker(COMMAND_MEMBERS);

/** A command as AWS wrote it: members that AWS left out are absent, members that AWS left empty are empty. */
export function commandRecord(row: StoredCommand): CommandRecord {
  const others = asMembers(JSON.parse(row.otherMembersJson ?? '{}')) ?? {};
  const record = recordOf(row);
  const known: Members = { ...record };
  // Members that AWS put into one that has columns are kept apart from these.
  const merged = Object.entries(others).map(([name, value]) => {
    const [inner, more] = [asMembers(known[name]), asMembers(value)];
    return [name, inner && more ? { ...inner, ...more } : value];
  });
  return { CommandId: row.commandId, ...record, ...Object.fromEntries(merged) };
}
