import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import type { Stream } from '../../model/outputs/full-output.ts';
import { findInvocation, type InvocationKey } from '../invocations/get-invocation.ts';
import { type FullOutput, listFullOutputs } from './list-full-outputs.ts';

/** The text of an output, without reading it. */
export interface OutputText {
  outputId: number;
  /** Its bytes as UTF-8. */
  sizeBytes: number;
  sha256: Buffer;
}

/** What the archive has of an output: a text, a text that was pruned, nothing of the step, or not even the step. */
export type FoundOutput =
  | { state: 'kept'; text: OutputText; full?: FullOutput }
  | { state: 'pruned'; full?: FullOutput }
  | { state: 'none' }
  | { state: 'no step' };

interface Listed {
  outputId: number | null;
  isOutputPruned: number;
}

/** Finds what the listing showed of a step: both streams in one. */
export function findListedText(sqlite: Database, key: InvocationKey, position: number): FoundOutput {
  const id = findInvocation(sqlite, key)?.id;
  const step = id === undefined ? undefined : listedOf(sqlite, id, position);
  if (!step) return { state: 'no step' };
  if (step.isOutputPruned === 1) return { state: 'pruned' };
  const text = step.outputId === null ? undefined : textOf(sqlite, step.outputId);
  return text ? { state: 'kept', text } : { state: 'none' };
}

/**
 * Finds what was fetched of a step's stream: from a place, or without one the longest. A step that only an earlier
 * state had can have a fetched output too.
 */
export function findFetchedText(
  sqlite: Database,
  key: InvocationKey,
  { position, stream, provenance }: { position: number; stream: Stream; provenance: string | undefined },
): FoundOutput {
  const id = findInvocation(sqlite, key)?.id;
  if (id === undefined) return { state: 'no step' };
  const ofStep = listFullOutputs(sqlite, id).filter((one) => one.position === position);
  if (ofStep.length === 0 && !listedOf(sqlite, id, position)) return { state: 'no step' };
  const fetched = ofStep.filter(
    (one) => one.stream === stream && (provenance === undefined || one.provenance === provenance),
  );
  const full = fetched.find(({ outputId }) => outputId !== null) ?? fetched[0];
  if (!full) return { state: 'none' };
  const text = full.outputId === null ? undefined : textOf(sqlite, full.outputId);
  return text ? { state: 'kept', text, full } : { state: 'pruned', full };
}

function listedOf(sqlite: Database, invocationId: number, position: number): Listed | undefined {
  return prepareOnce<[number, number], Listed>(
    sqlite,
    `SELECT output_id AS outputId, is_output_pruned AS isOutputPruned FROM plugins
      WHERE invocation_id = ? AND position = ?`,
  ).get(invocationId, position);
}

function textOf(sqlite: Database, outputId: number): OutputText | undefined {
  return prepareOnce<[number], OutputText>(
    sqlite,
    'SELECT id AS outputId, size_bytes AS sizeBytes, sha256 FROM outputs WHERE id = ?',
  ).get(outputId);
}
