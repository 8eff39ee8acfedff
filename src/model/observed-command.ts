import type { StoredRow } from './member-row.ts';
import type { COMMAND_MEMBERS } from './members.ts';

/** A command in the archive's columns. */
export interface NormalizedCommand extends StoredRow<typeof COMMAND_MEMBERS> {
  /** The members that have no column, as one object; null where there are none. */
  otherMembersJson: string | null;
}

/** A command as one reply showed it. */
export interface ObservedCommand {
  commandId: string;
  requestedAt: string | null;
  /** The service's own words on how far it is: to be compared, and not read. */
  countsJson: string;
  /** 16 bytes over the reply's own form. */
  fingerprint: Buffer;
  columns: NormalizedCommand;
}
