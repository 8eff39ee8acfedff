/** How something ended: `good`: with success; `bad`: in another way; `busy`: not yet. */
export const STATUS_KINDS = ['good', 'bad', 'busy'] as const;
export type StatusKind = (typeof STATUS_KINDS)[number];

/**
 * The only list of the statuses of invocations, steps and commands, each with the StatusDetails that the service may
 * show with it, according to AWS's API model and its guide. All code that asks whether or how something ended, or
 * whether a status exists, uses this list. The final statuses come first, in the order that the partial indexes use.
 * The service may send a status that is not here. It counts as unfinished everywhere, and the archive asks again until
 * the status is final.
 */
export const STATUS_LIST = [
  { status: 'Success', kind: 'good', details: ['Success', 'NoInstancesInTag'] },
  { status: 'Cancelled', kind: 'bad', details: ['Cancelled'] },
  // AWS's filter also finds this status by its StatusDetails.
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

/** A Status, or one of its details. */
type StateOf<One extends Listed> = One extends Listed
  ? { readonly status: One['status']; readonly details: One['details'][number] }
  : never;
export type KnownState = StateOf<Listed>;
export type FinalState = StateOf<Ended>;

export interface KnownStatus {
  name: StatusName;
  /** Whether the name is a value of Status. If not, it is a value of StatusDetails only. */
  isStatus: boolean;
  kind: StatusKind;
}

/** Each value of Status and StatusDetails once, the values of Status first. */
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

/** All known values of Status, Success first. */
export const KNOWN_STATUSES: readonly string[] = statusesOfKind('good', 'bad', 'busy');
/** The final statuses: no other status follows them. */
export const FINAL_STATUSES: readonly string[] = statusesOfKind('good', 'bad');
/** The final statuses other than Success. */
export const NOT_SUCCEEDED: readonly string[] = statusesOfKind('bad');

const KINDS = new Map<string, StatusKind>(STATUS_LIST.map(({ status, kind }) => [status, kind]));
const KINDS_OF_DETAILS = new Map<string, StatusKind>(
  STATUS_LIST.flatMap(({ kind, details }) => details.map((one) => [one, kind] as const)),
);

/** Whether a Status is final. */
export function isFinal(status: string | null): boolean {
  return kindOfStatus(status) !== 'busy';
}

/** Returns how something with this Status ended. An unknown Status counts as not ended. */
export function kindOfStatus(status: string | null): StatusKind {
  return KINDS.get(status ?? '') ?? 'busy';
}

/**
 * Returns how something with these StatusDetails ended; undefined for unknown StatusDetails, which say nothing about
 * their Status.
 */
export function kindOfDetails(details: string | null): StatusKind | undefined {
  return KINDS_OF_DETAILS.get(details ?? '');
}

/** Returns how something ended, by a value of Status or of StatusDetails. */
export function kindOfName(name: string): StatusKind {
  return kindOfDetails(name) ?? kindOfStatus(name);
}

/**
 * Returns all values of Status and StatusDetails that AWS's filter `Status` finds if it is set to this value. `Failed`
 * and `Undeliverable` find only themselves. `TimedOut` finds commands that were not delivered in time and commands that
 * did not end in time.
 */
export function statusesFoundBy(wanted: string): readonly string[] {
  const listed = STATUS_LIST.find(({ status }) => status === wanted);
  return listed !== undefined && 'isFoundByDetails' in listed ? listed.details : [wanted];
}
