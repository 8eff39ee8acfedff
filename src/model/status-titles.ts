import { kindOfName, type StatusKind, type StatusName } from './final-status.ts';

/**
 * The meaning of a value of Status or StatusDetails, according to AWS's definitions. docs/glossary.md and the titles of
 * badges are made from it.
 */
interface StatusMeaning {
  /** The value's meaning for an invocation or a step. */
  means: string;
  /** The value's meaning for a command, if AWS defines it differently there. */
  ofCommand?: string;
  /** For a final status other than Success: whether it counts toward the max-errors of its command. */
  counts?: string;
}

/**
 * The kind of thing that the badge belongs to. Some words of AWS mean something else for a command than for its
 * invocations.
 */
export type StatusOf = 'invocation' | 'command';

const COUNTS = 'counts toward max-errors';
const COUNTS_NOT = 'does not count toward max-errors';

/** The page on which AWS defines the values. */
export const STATUS_GUIDE = 'https://docs.aws.amazon.com/systems-manager/latest/userguide/monitor-commands.html';

/** The meanings according to AWS's guide, in our own words. The values of Status come first. */
const STATUS_MEANINGS = {
  Pending: {
    means: 'The command was not sent to the node yet, or the node’s agent has not received it yet',
    ofCommand: 'No node’s agent has received the command yet',
  },
  InProgress: {
    means: 'The command is being sent to the node, or the node’s agent has received it and runs it',
    ofCommand: 'The command was sent to at least one node, and has not ended on all of them',
  },
  Delayed: {
    means: 'The service tried to send the command to the node without success, and will try again',
  },
  Success: {
    means:
      'The agent received the command and it ended with exit code 0, which does not prove that the script did what it was meant to do',
    ofCommand:
      'All invocations have ended, and max-errors was not reached; exit code 0 does not prove that a script did what it was meant to do',
  },
  Cancelled: { means: 'The command was cancelled before it was completed' },
  TimedOut: {
    means:
      'The command was not delivered to the node in time, or did not end there in time; the details say which of the two',
    counts: 'ExecutionTimedOut counts toward max-errors, and DeliveryTimedOut does not',
  },
  Failed: {
    means: 'The command did not succeed on the node: one or more steps ended with an exit code other than 0',
    ofCommand: 'The number of invocations that failed has reached max-errors',
    counts: COUNTS,
  },
  Cancelling: {
    means: 'Somebody asked the service to cancel the command, but the command may still end in another way',
  },
  DeliveryTimedOut: {
    means: 'The command was not delivered to the node before its total timeout ran out',
    ofCommand: 'The number of invocations that were not delivered in time has reached max-errors',
    counts: `${COUNTS_NOT}, but makes the command Incomplete or DeliveryTimedOut, not Success`,
  },
  ExecutionTimedOut: {
    means: 'The command began on the node, and was not completed before its execution timeout ran out',
    ofCommand: 'The number of invocations that did not end in time has reached max-errors',
    counts: COUNTS,
  },
  Undeliverable: {
    means: 'The command cannot be delivered to the node, which may not exist or does not respond',
    counts: `${COUNTS_NOT}, and has no effect on whether the command is Success or Incomplete`,
  },
  Terminated: {
    means: 'More invocations of the command failed than its max-errors allows, and the service cancelled this one',
  },
  AccessDenied: {
    means: 'The user or role that sent the command has no access to the node',
    ofCommand: 'The user or role that sent the command has no access to the resource group that it names',
    counts: `${COUNTS_NOT}, but affects whether the command is Success or Failed`,
  },
  InvalidPlatform: {
    means: 'The document is not made for the platform of the node',
    counts: `${COUNTS_NOT}, but affects whether the command is Success or Failed`,
  },
  Incomplete: {
    means:
      'The command was tried on all of its nodes and did not succeed on at least one, but too few invocations failed for the status Failed',
  },
  RateExceeded: {
    means:
      'The command named more nodes than the account’s limit of waiting invocations allows, and the service cancelled it before it ran on any node',
  },
  LimitExceeded: {
    means: 'The command exceeded a limit of the service; AWS’s guide does not explain this value',
  },
  NoInstancesInTag: {
    means:
      'The command named tags or a resource group, but no node had these tags or was in that group, so it ran nowhere',
  },
} as const satisfies Record<StatusName, StatusMeaning>;

/** A status or one of its details, as a row of the glossary's table. */
interface ExplainedStatus extends StatusMeaning {
  name: string;
  kind: StatusKind;
}

/** All rows, in the order of the glossary. */
export const EXPLAINED_STATUSES: readonly ExplainedStatus[] = Object.entries<StatusMeaning>(STATUS_MEANINGS).map(
  ([name, meaning]) => ({ ...meaning, name, kind: kindOfName(name) }),
);

const MEANINGS = new Map<string, ExplainedStatus>(EXPLAINED_STATUSES.map((one) => [one.name, one]));

/** The anchor of the explanation of unknown statuses. */
export const UNKNOWN_STATUS = 'unknown-status';

/**
 * Returns the title of a badge for a Status, or for its details if there are some, in two sentences. The first is its
 * meaning. The second says whether another status can follow, and whether this one counts toward max-errors.
 */
export function titleOfStatus(status: string | null, details?: string | null, of: StatusOf = 'invocation'): string {
  const name = details || status;
  if (!name) return 'The service gave no status. Not final: the archive keeps asking for it.';
  const known = MEANINGS.get(name);
  if (known) return titleOf(known, of);
  const its = details && status ? MEANINGS.get(status) : undefined;
  if (its) return `Unknown details of the status ${status}. ${endOf(its, of)}`;
  return 'A status that this version does not know. Not final: the archive keeps asking until the status is final.';
}

function titleOf(meaning: ExplainedStatus, of: StatusOf): string {
  const means = of === 'command' ? (meaning.ofCommand ?? meaning.means) : meaning.means;
  return `${means}. ${endOf(meaning, of)}`;
}

/** Returns the sentence on whether another status can follow, and whether this one counts toward max-errors. */
export function endOf({ kind, counts }: ExplainedStatus, of: StatusOf = 'invocation'): string {
  if (kind === 'busy') return 'Not final.';
  return counts === undefined || of === 'command' ? 'Final.' : `Final; ${counts}.`;
}

/** Returns the address of the glossary's explanation of the status that a badge shows. */
export function anchorOfStatus(status: string | null, details?: string | null): string {
  const name = details || status || '';
  return MEANINGS.has(name) ? name : UNKNOWN_STATUS;
}
