import { nearNames } from '../lib/near-names.ts';

/** A good end, another end, or none yet. */
export type StatusKind = 'good' | 'bad' | 'busy';

/**
 * THE list of the statuses of invocations, steps and commands, each with the StatusDetails that the service gives under it, as the
 * model of AWS's API and its guide have them. Whatever asks whether something has ended, how it ended, or whether a status exists, uses
 * this list. The final ones come first, in the order of the partial indexes. The service may give one that is not here: that is
 * unfinished everywhere, and the archive goes on asking until the status is final.
 */
export const STATUS_LIST = [
  { status: 'Success', kind: 'good', details: ['Success', 'NoInstancesInTag'] },
  { status: 'Cancelled', kind: 'bad', details: ['Cancelled'] },
  { status: 'TimedOut', kind: 'bad', details: ['TimedOut', 'DeliveryTimedOut', 'ExecutionTimedOut'] },
  {
    status: 'Failed',
    kind: 'bad',
    details: [
      ...(['Failed', 'Undeliverable', 'Terminated', 'AccessDenied', 'InvalidPlatform'] as const),
      ...(['Incomplete', 'LimitExceeded', 'RateExceeded'] as const),
    ],
  },
  { status: 'Pending', kind: 'busy', details: ['Pending'] },
  { status: 'InProgress', kind: 'busy', details: ['InProgress'] },
  { status: 'Delayed', kind: 'busy', details: ['Delayed'] },
  { status: 'Cancelling', kind: 'busy', details: ['Cancelling'] },
] as const satisfies readonly { status: string; kind: StatusKind; details: readonly string[] }[];

type Listed = (typeof STATUS_LIST)[number];
export type StatusName = Listed['status'] | Listed['details'][number];

export interface KnownStatus {
  name: StatusName;
  /** Whether Status has it too; else it is one of StatusDetails alone. */
  isStatus: boolean;
  kind: StatusKind;
}

/** Each value of Status and StatusDetails once: those of Status first. */
export const STATUSES: readonly KnownStatus[] = everyOne();

function everyOne(): KnownStatus[] {
  const found = new Map<StatusName, KnownStatus>();
  for (const { status, kind } of STATUS_LIST) found.set(status, { name: status, isStatus: true, kind });
  for (const { details, kind } of STATUS_LIST) {
    for (const name of details) if (!found.has(name)) found.set(name, { name, isStatus: false, kind });
  }
  return [...found.values()];
}

/** AWS's guide writes these too; its service does not. */
const OTHER_SPELLINGS = new Map<string, StatusName>([
  ['canceled', 'Cancelled'],
  ['canceling', 'Cancelling'],
]);

/** Other words for them, which are proposed and not taken. */
const OTHER_WORDS = new Map<string, StatusName>([
  ['succeeded', 'Success'],
  ['successful', 'Success'],
  ['running', 'InProgress'],
  ['timeout', 'TimedOut'],
  ['error', 'Failed'],
]);

/**
 * The status that a person means: `failed` is Failed, and `Delivery Timed Out`, as AWS's guide prints it, DeliveryTimedOut. A value
 * that the archive holds (`alsoKnown`) is a status as well, and is kept if it was typed exactly. For anything else, gives the near
 * statuses.
 */
export function readStatus(
  typed: string,
  alsoKnown: Iterable<string> = [],
): { value: string } | { near: readonly string[] } {
  const names = [...STATUSES.map(({ name }) => name), ...alsoKnown];
  if (names.includes(typed)) return { value: typed };
  const wanted = lettersOf(typed);
  if (wanted === '') return { near: [] };
  const value = names.find((name) => lettersOf(name) === wanted) ?? OTHER_SPELLINGS.get(wanted);
  if (value !== undefined) return { value };
  const meant = OTHER_WORDS.get(wanted);
  return { near: meant === undefined ? nearNames(typed, names) : [meant] };
}

function lettersOf(text: string): string {
  return text.toLowerCase().replace(/[\s_-]+/g, '');
}
