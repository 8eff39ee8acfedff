/**
 * Faults of a single request, which may be set for one operation too: requests that are refused as too many; that fail
 * within the service; whose connection is destroyed, half of the time before the reply and half in its middle; whose
 * connection is destroyed in the middle of the reply; and that are held back for `slowMs`.
 */
export const REQUEST_FAULTS = ['throttleRate', 'errorRate', 'dropRate', 'halfRate', 'slowRate'] as const;
export type RequestFaults = Record<(typeof REQUEST_FAULTS)[number], number>;

/**
 * The faults that the simulator makes, and how often. Rates are probabilities from 0 to 1. Everything may be changed
 * while the simulator runs.
 */
export interface SimulatorFaults extends RequestFaults {
  /** Faults of single operations (`GetObject`, `GetLogEvents`, …), instead of those of all operations. */
  byOperation: Readonly<Record<string, Partial<RequestFaults>>>;
  /** A token bucket for each account and region, in real time; 0 means no limit. */
  requestsPerSecond: number;
  /** How many tokens the bucket holds. */
  burst: number;
  slowMs: number;
  /** Operations (`ListCommandInvocations`, `AssumeRole`, …) whose replies come byte by byte, one every `dripMs`. */
  drippingOperations: string[];
  dripMs: number;
  /** After this many pages of a listing, its token is refused with InvalidNextToken; 0 means never. */
  tokenLifePages: number;
  /** The time after a listing's first page at which its tokens expire, by the simulator's clock; 0 means never. */
  tokenLifeMs: number;
  /** Tokens that are refused with InvalidNextToken although nothing is wrong with them. */
  invalidTokenRate: number;
  /** Pages that are empty but carry a token. */
  emptyPageRate: number;
  /** Pages cut short, with a token. */
  shortPageRate: number;
  /** Pages whose last items come again on the next page. */
  repeatRate: number;
  /** Filters, including time bounds, apply only after the page is cut, so that pages come short or empty. */
  filterAfterPaging: boolean;
  /** Accounts whose requests are answered with AccessDeniedException. */
  deniedAccounts: string[];
  /** Operations (`ListCommands`, `AssumeRole`, …) answered with AccessDenied in every account. */
  deniedOperations: string[];
  /** Accounts whose requests are answered with ExpiredTokenException. */
  expiredAccounts: string[];
  /**
   * How far the service's own clock (Date headers and all its times) is ahead of the simulator's clock; negative is
   * behind.
   */
  clockSkewMs: number;
  /** Final invocations of several steps that lose their last step an hour after their end. */
  fewerPlugins: number;
  /** Invocations with members that the API model does not have. */
  unmodelledMembers: boolean;
  /** Times are written like 1.541992493965E9. */
  exponentTimestamps: boolean;
  /** Final invocations, with their steps, whose Status and StatusDetails are in no API model. */
  unknownStatuses: number;
  /**
   * Buckets, log groups, and beginnings of objects as `bucket/prefix`, to which every request is answered with
   * AccessDenied.
   */
  deniedStores: string[];
  /** Buckets and log groups that somebody has deleted. */
  deletedStores: string[];
  /** How long a bucket keeps an object, by the simulator's clock, before its lifecycle removes it; 0 is for ever. */
  objectLifeMs: number;
  /** How long a log group keeps an event; 0 is for ever. The streams stay, empty. */
  logRetentionMs: number;
}

/** Returns how often a fault happens to requests of an operation. */
export function rateOf(faults: SimulatorFaults, operation: string, fault: keyof RequestFaults): number {
  return faults.byOperation[operation]?.[fault] ?? faults[fault];
}

/** No faults: nothing goes wrong. */
export function noFaults(): SimulatorFaults {
  return {
    throttleRate: 0,
    byOperation: {},
    requestsPerSecond: 0,
    burst: 1,
    errorRate: 0,
    dropRate: 0,
    halfRate: 0,
    slowRate: 0,
    slowMs: 0,
    drippingOperations: [],
    dripMs: 3000,
    tokenLifePages: 0,
    tokenLifeMs: 0,
    invalidTokenRate: 0,
    emptyPageRate: 0,
    shortPageRate: 0,
    repeatRate: 0,
    filterAfterPaging: false,
    deniedAccounts: [],
    deniedOperations: [],
    expiredAccounts: [],
    clockSkewMs: 0,
    fewerPlugins: 0,
    unmodelledMembers: false,
    exponentTimestamps: false,
    unknownStatuses: 0,
    deniedStores: [],
    deletedStores: [],
    objectLifeMs: 0,
    logRetentionMs: 0,
  };
}
