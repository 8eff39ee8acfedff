import type { StoredCommand } from '../../archive/commands/find-commands.ts';
import { COMMAND_MEMBERS } from '../../model/members.ts';
import type { CommandRecord } from '../aws/records.ts';
import { createRecordMaker } from './create-record-maker.ts';

const recordOf = createRecordMaker(COMMAND_MEMBERS);

/** A command as AWS wrote it: members that AWS left out are absent, members that AWS left empty are empty. */
export function commandRecord(row: StoredCommand): CommandRecord {
  const others: object = row.otherMembersJson === null ? {} : JSON.parse(row.otherMembersJson);
  return { CommandId: row.commandId, ...recordOf(row), ...others };
}
