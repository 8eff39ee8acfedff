import type { Fault } from '../../archive/verify/fault.ts';

/** How many invocations of a command, in one status, are in the lake alone. */
export interface SealedCount {
  accountId: string;
  region: string;
  commandId: string;
  status: string | null;
  invocations: number;
}

/** What was found of one sealed day. */
export interface VerifiedDay {
  /** An ISO date, in UTC. */
  day: string;
  faults: Fault[];
  invocations: number;
  /** The seqs of the leaves whose rows are in the lake. */
  seqs: Float64Array;
  objects: number;
  bytes: number;
  lakeOnly: SealedCount[];
  /** The numbers of the rows of `sealed_values` whose values the day has. */
  values: Float64Array;
}
