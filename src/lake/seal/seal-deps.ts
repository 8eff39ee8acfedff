import type { Database } from 'better-sqlite3';
import type { NamedOutputs } from '../../archive/prune/named-outputs.ts';
import type { OwnerDeps } from '../owners/owner-deps.ts';
import type { DuckDb } from '../parquet/load-duckdb.ts';

/** What a seal has just done. */
export type SealStep =
  | { step: 'staged' | 'checked' | 'intended' | 'committed' | 'proved'; day: string }
  | { step: 'buried' | 'pruned' | 'forgotten'; day: string }
  | { step: 'put' | 'gone'; day: string; key: string }
  | { step: 'removed' | 'back'; day: string; invocations: number };

export interface SealDeps extends OwnerDeps {
  /**
   * A connection that nothing else uses, because its settings are changed: foreign keys are not checked, since no index
   * finds the states of a batch.
   */
  sqlite: Database;
  duckDb: DuckDb;
  /** A folder for the files of a day, until they are in the lake. */
  folder: string;
  /** How old a month must be, from its end on, until its commands are written. */
  sealAfterMs: number;
  /** How long after its end a span counts as settled. */
  settlingMs: number;
  /** Checks the lease on sealing in each transaction. */
  renew(nowMs: number): void;
  /** Which outputs are still named by rows that stay; made once for a run, since it reads all earlier states. */
  named(): NamedOutputs;
  /** Makes the next call of `named` read them again: rows came back into the file, or were pruned. */
  resetNamed(): void;
  signal?: AbortSignal | undefined;
  onStep?: ((step: SealStep) => void) | undefined;
}
