import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import type { CutBy, Provenance, Stream } from '../../model/outputs/full-output.ts';

/** What is known of a fetched output besides its text. */
export interface FullOutput {
  /** The number of its leaf in the ledger. */
  seq: number;
  position: number;
  /** The step's name when it was fetched. */
  name: string | null;
  stream: Stream;
  provenance: Provenance;
  /** The bucket and key, or the log group and stream, as canonical JSON; null for GetCommandInvocation. */
  locationJson: string | null;
  fetchedAt: string;
  encoding: string;
  /** The bytes that were kept. */
  sizeBytes: number;
  /** The bytes that there were; null if the place did not say. */
  totalBytes: number | null;
  /** Null if it is whole. */
  cutBy: CutBy | null;
  /** The row of `outputs` with the text; null once it was pruned. */
  outputId: number | null;
}

/**
 * Returns what was fetched of an invocation's steps, without the texts: by step, stdout before stderr, and the longest
 * first, so that the first of a step and stream is the one to show.
 */
export function listFullOutputs(sqlite: Database, invocationId: number): FullOutput[] {
  return prepareOnce<[number], FullOutput>(
    sqlite,
    `SELECT seq, position, name, stream, provenance, location_json AS locationJson, fetched_at AS fetchedAt, encoding,
            size_bytes AS sizeBytes, total_bytes AS totalBytes, cut_by AS cutBy, output_id AS outputId
       FROM full_outputs WHERE invocation_id = ? ORDER BY position, stream DESC, size_bytes DESC, seq`,
  ).all(invocationId);
}
