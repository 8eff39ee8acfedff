/** A good end, another end, or none yet. */
export type StatusKind = 'good' | 'bad' | 'busy';

/**
 * THE list of the statuses of invocations, steps and commands, each with the details that the service gives under it. All that asks
 * whether something has ended, or how, is made from it: SQL, lists, badges, charts. The final ones come first, in the order of the
 * partial indexes. A status that is not here is unfinished, everywhere: the archive follows it on until it is one that is final.
 */
const STATUS_LIST: readonly { status: string; kind: StatusKind; details: readonly string[] }[] = [
  { status: 'Success', kind: 'good', details: ['Success', 'NoInstancesInTag'] },
  { status: 'Cancelled', kind: 'bad', details: ['Cancelled'] },
  { status: 'TimedOut', kind: 'bad', details: ['TimedOut', 'DeliveryTimedOut', 'ExecutionTimedOut'] },
  {
    status: 'Failed',
    kind: 'bad',
    details: [
      ...['Failed', 'Undeliverable', 'Terminated', 'AccessDenied', 'InvalidPlatform'],
      ...['Incomplete', 'LimitExceeded', 'RateExceeded'],
    ],
  },
  { status: 'Pending', kind: 'busy', details: ['Pending'] },
  { status: 'InProgress', kind: 'busy', details: ['InProgress'] },
  { status: 'Delayed', kind: 'busy', details: ['Delayed'] },
  { status: 'Cancelling', kind: 'busy', details: ['Cancelling'] },
];

const statusesOfKind = (...kinds: StatusKind[]) =>
  STATUS_LIST.filter(({ kind }) => kinds.includes(kind)).map(({ status }) => status);

/** All that are known, Success first. */
export const KNOWN_STATUSES = statusesOfKind('good', 'bad', 'busy');
/** Those that nothing leaves. */
export const FINAL_STATUSES = statusesOfKind('good', 'bad');
/** Final, and no success. */
export const NOT_SUCCEEDED = statusesOfKind('bad');

const KINDS = new Map(STATUS_LIST.map(({ status, kind }) => [status, kind]));
const KINDS_OF_DETAILS = new Map(
  STATUS_LIST.flatMap(({ kind, details }) => details.map((one) => [one, kind] as const)),
);

/** Whether a Status is one that nothing leaves. */
export function isFinal(status: string | null): boolean {
  return kindOfStatus(status) !== 'busy';
}

/** How something of this Status ended; one that nobody knows has not. */
export function kindOfStatus(status: string | null): StatusKind {
  return KINDS.get(status ?? '') ?? 'busy';
}

/** The same of StatusDetails; undefined for details that nobody knows, which say nothing of the Status that they came with. */
export function kindOfDetails(details: string | null): StatusKind | undefined {
  return KINDS_OF_DETAILS.get(details ?? '');
}
