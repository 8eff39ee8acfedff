/** How something ended: well, or in another way; `busy` is not ended yet. */
export const STATUS_KINDS = ['good', 'bad', 'busy'] as const;
export type StatusKind = (typeof STATUS_KINDS)[number];

/**
 * THE list of the statuses of invocations, steps and commands, each with the StatusDetails that the service gives under it, as the
 * model of AWS's API and its guide have them. Whatever asks whether something has ended, how it ended, or whether a status exists, uses
 * this list. The final ones come first, in the order of the partial indexes. The service may give one that is not here: that is
 * unfinished everywhere, and the archive goes on asking until the status is final.
 */
export const STATUS_LIST = [
  { status: 'Success', kind: 'good', details: ['Success', 'NoInstancesInTag'] },
  { status: 'Cancelled', kind: 'bad', details: ['Cancelled'] },
  // AWS's filter finds these by their details too.
  {
    status: 'TimedOut',
    kind: 'bad',
    details: ['TimedOut', 'DeliveryTimedOut', 'ExecutionTimedOut'],
    isFoundByDetails: true,
  },
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
] as const satisfies readonly {
  status: string;
  kind: StatusKind;
  details: readonly string[];
  isFoundByDetails?: true;
}[];

type Listed = (typeof STATUS_LIST)[number];
type Ended = Exclude<Listed, { kind: 'busy' }>;

/** A value of Status. */
export type Status = Listed['status'];
export type FinalStatus = Ended['status'];
/** A value of Status or of StatusDetails. */
export type StatusName = Status | Listed['details'][number];

/** A Status with one of its details. */
type StateOf<One extends Listed> = One extends Listed
  ? { readonly status: One['status']; readonly details: One['details'][number] }
  : never;
export type KnownState = StateOf<Listed>;
export type FinalState = StateOf<Ended>;

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

const statusesOfKind = (...kinds: StatusKind[]) =>
  STATUS_LIST.filter(({ kind }) => kinds.includes(kind)).map(({ status }) => status);

/** All that are known, Success first. */
export const KNOWN_STATUSES: readonly string[] = statusesOfKind('good', 'bad', 'busy');
/** Those that nothing leaves. */
export const FINAL_STATUSES: readonly string[] = statusesOfKind('good', 'bad');
/** Final, and no success. */
export const NOT_SUCCEEDED: readonly string[] = statusesOfKind('bad');

const KINDS = new Map<string, StatusKind>(STATUS_LIST.map(({ status, kind }) => [status, kind]));
const KINDS_OF_DETAILS = new Map<string, StatusKind>(
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

/** The same of a value that either of them may have. */
export function kindOfName(name: string): StatusKind {
  return kindOfDetails(name) ?? kindOfStatus(name);
}

/**
 * The values of Status and StatusDetails that AWS's filter `Status` finds by one of them: `Failed` and `Undeliverable` each find
 * themselves, and `TimedOut` finds those that were not delivered in time and those that did not end in time.
 */
export function statusesFoundBy(wanted: string): readonly string[] {
  const listed = STATUS_LIST.find(({ status }) => status === wanted);
  return listed !== undefined && 'isFoundByDetails' in listed ? listed.details : [wanted];
}
