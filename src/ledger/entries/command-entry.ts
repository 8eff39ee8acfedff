import { canonicalJson } from '../../lib/json/canonical-json.ts';
import { partsOfName } from '../../model/member-row.ts';
import { COMMAND_MEMBERS, membersOf } from '../../model/members.ts';
import { asMembers, type Members } from '../../model/read-member.ts';
import type { SecretCommandMember } from '../../model/secret-members.ts';
import { createCommitter, type Opening } from './commitments.ts';

/** Stands for each member of a command that this version does not know. */
export const OTHER_MEMBERS = 'OtherMembers';

/** A member that an entry of a command may have a commitment instead of. */
export type CommittedCommandMember = SecretCommandMember | typeof OTHER_MEMBERS;

/** The operation whose reply showed a state of a command. */
export type SeenIn = 'ListCommands' | 'ListCommandInvocations';

/** The facts about a command's state besides the state itself. */
export interface CommandStateFacts {
  accountId: string;
  region: string;
  commandId: string;
  observedAt: string;
  seenIn: SeenIn;
  /** The fingerprint of the reply's form; null if ListCommandInvocations showed the state. */
  fingerprint: Buffer | null;
  /** The secret from which the salts of the state's commitments are made. */
  salt: Buffer;
}

/**
 * The members that stay in the clear, each by its AWS name with the member that contains it. Everything else gets a
 * commitment. Entries are computed again whenever the archive is verified, so this list never changes: a member that
 * gets a column later keeps its commitment.
 */
const CLEAR_MEMBERS = [
  ...['CommandId', 'DocumentName', 'DocumentVersion', 'ExpiresAfter', 'InstanceIds', 'RequestedDateTime', 'Status'],
  ...['StatusDetails', 'OutputS3Region', 'MaxConcurrency', 'MaxErrors', 'TargetCount', 'CompletedCount', 'ErrorCount'],
  ...['DeliveryTimedOutCount', 'TimeoutSeconds', 'NotificationConfig.NotificationEvents'],
  ...['NotificationConfig.NotificationType', 'CloudWatchOutputConfig.CloudWatchOutputEnabled'],
];

/** Their own names, by the name of the member that contains them; '' for the command itself. */
const CLEAR = new Map<string, Set<string>>();
for (const name of CLEAR_MEMBERS) {
  const { within = '', own } = partsOfName(name);
  CLEAR.set(within, (CLEAR.get(within) ?? new Set()).add(own));
}
/** The members that a pack can redact by their own names. All others with a commitment are OTHER_MEMBERS. */
const SECRET = new Map<string, Map<string, SecretCommandMember>>();
for (const member of membersOf(COMMAND_MEMBERS)) {
  if (!('isSecret' in member)) continue;
  const { within = '', own } = partsOfName(member.aws);
  SECRET.set(within, (SECRET.get(within) ?? new Map()).set(own, own));
}

/**
 * Returns the entry of a command's state: RFC 8785 JSON of the state, its command and its time, with commitments instead
 * of members that may be secret and of all members that are not known. Empty values are in the clear. `tell` receives
 * the salts and values of the commitments. Throws if `stateJson` is not the JSON of an object.
 */
export function commandEntry(
  { accountId, region, commandId, observedAt, seenIn, fingerprint, salt }: CommandStateFacts,
  stateJson: string,
  tell?: (opening: Opening, member: CommittedCommandMember | undefined) => void,
): string {
  const state = asMembers(JSON.parse(stateJson));
  if (!state) throw new Error('A state of a command is not an object.');
  const commit = createCommitter<CommittedCommandMember>(salt, 0, tell);
  const committed = (members: Members, within: string): Members =>
    Object.fromEntries(
      Object.entries(members)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, value]) => {
          const inner = within === '' && CLEAR.has(name) ? asMembers(value) : undefined;
          if (inner) return [name, committed(inner, name)];
          if (CLEAR.get(within)?.has(name) || isEmpty(value)) return [name, value];
          const member = SECRET.get(within)?.get(name) ?? OTHER_MEMBERS;
          return [name, JSON.parse(commit(canonicalJson(value), member))];
        }),
    );
  const stateWithCommitments = committed(state, '');
  const print = fingerprint && JSON.parse(commit(canonicalJson(fingerprint.toString('hex'))));
  return canonicalJson({
    ...{ kind: 'command', accountId, region, commandId, observedAt, seenIn },
    ...(print && { fingerprint: print }),
    state: stateWithCommitments,
  });
}

function isEmpty(value: unknown): boolean {
  return value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0);
}
