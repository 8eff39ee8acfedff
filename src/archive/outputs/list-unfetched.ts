import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import type { Provenance } from '../../model/outputs/full-output.ts';

/** A place that is still to be asked for a step's output, or that was given up. */
export interface UnfetchedOutput {
  position: number;
  provenance: Provenance;
  /** How many calls failed. A refusal does not count: it stays queued until it is permitted. */
  tries: number;
  /** The last failure or refusal, as a sentence; null if it was not asked yet. */
  lastError: string | null;
  /** Null while it is queued. */
  gaveUpAt: string | null;
}

/** Returns what is still queued of an invocation's steps, and what was given up. */
export function listUnfetched(sqlite: Database, invocationId: number): UnfetchedOutput[] {
  return prepareOnce<[number], UnfetchedOutput>(
    sqlite,
    `SELECT position, provenance, tries, last_error AS lastError, gave_up_at AS gaveUpAt
       FROM output_queue WHERE invocation_id = ? ORDER BY position, provenance`,
  ).all(invocationId);
}
