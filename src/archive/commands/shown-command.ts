import { createRowConverter, type ShownRow } from '../../model/member-row.ts';
import { COMMAND_MEMBERS } from '../../model/members.ts';
import type { NormalizedCommand } from '../../model/observed-command.ts';

/** What identifies a command: account, region and CommandId. */
export interface CommandKey {
  accountId: string;
  region: string;
  commandId: string;
}

/** The members of a command as the API shows them. `otherMembers` has those that no column has. */
export interface ShownCommand extends ShownRow<typeof COMMAND_MEMBERS> {
  otherMembers: Record<string, unknown> | null;
}

const convert = createRowConverter(COMMAND_MEMBERS);

/** Returns the members of a command in the form that the API shows. */
export function shownCommand({ otherMembersJson, ...stored }: NormalizedCommand): ShownCommand {
  const otherMembers = otherMembersJson === null ? null : JSON.parse(otherMembersJson);
  return { ...stored, ...convert(stored), otherMembers };
}
