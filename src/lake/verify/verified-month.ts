import type { Fault } from '../../archive/verify/fault.ts';

/** What was found of the commands of a month. */
export interface VerifiedMonth {
  /** A month, such as `2026-03`. */
  month: string;
  faults: Fault[];
  commands: number;
  /** How many of them are different in the file, or not there: they changed, or were pruned, after they were written. */
  changed: number;
}
