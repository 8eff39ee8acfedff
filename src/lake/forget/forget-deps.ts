import type { PruneRequest } from '../../archive/prune/prune.ts';
import type { SealedDays } from '../../archive/sealed/sealed-days.ts';
import type { SealDeps } from '../seal/seal-deps.ts';

/** What is needed to prune sealed days: all that sealing needs, since a day that keeps rows is sealed again. */
export interface ForgetDeps extends SealDeps {
  /** Reads sealed days to find out what a selection takes of them. */
  sealedDays: SealedDays;
  /** Removes copies of an object, by its SHA-256 in hex, that this machine keeps. */
  dropCopies(sha256: string): Promise<void>;
}

export type ForgetRequest = Omit<PruneRequest, 'ofSealedDay'>;
