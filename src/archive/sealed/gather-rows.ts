import type { Database } from 'better-sqlite3';
import type { InvocationFilter } from '../../questions/filters.ts';

/**
 * Makes the connection's tables of invocations, steps, outputs and states those of a question: all rows that a filter
 * finds, of this file and of the lake, and perhaps some more. They are temporary tables in front of the archive's own,
 * until the connection's transaction ends with ROLLBACK. With `isOneEnough` it may stop once a row is found. Rejects
 * with SealedAgain if a day was sealed again since the transaction began, and with a sentence for the user if the lake
 * can't be read.
 */
export type GatherRows = (
  sqlite: Database,
  filter: InvocationFilter,
  options?: { isOneEnough?: boolean },
) => Promise<void>;
