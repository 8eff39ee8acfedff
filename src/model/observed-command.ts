import type { StoredRow } from './member-row.ts';
import type { COMMAND_MEMBERS } from './members.ts';

/** A command in the archive's columns. */
export interface NormalizedCommand extends StoredRow<typeof COMMAND_MEMBERS> {
  /** Everything that no column has, as one object with AWS's names; null if there is nothing. */
  otherMembersJson: string | null;
}

/** A command as one reply showed it. */
export interface ObservedCommand {
  commandId: string;
  requestedAt: string | null;
  /** The service's own text for the state of the command. It is compared, never parsed. */
  countsJson: string;
  /** A digest of 16 bytes. It is computed over the command as the reply has it. */
  fingerprint: Buffer;
  columns: NormalizedCommand;
  /** RFC 8785 JSON of all members, as AWS sent them. */
  stateJson: string;
}
