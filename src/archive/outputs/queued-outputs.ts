import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import type { SourceKey } from '../../model/observed-invocation.ts';
import type { FetchedOutput, Provenance } from '../../model/outputs/full-output.ts';
import { recordFullOutputs } from '../record/record-full-outputs.ts';
import { CUT_STEP, type CutStep } from './cut-step.ts';

/** A step in the queue, with its row there. */
export interface QueuedOutput extends CutStep {
  rowId: number;
  provenance: Provenance;
  tries: number;
  /** 1 if its last try was denied. */
  isDenied: 0 | 1;
}

/** How a refusal begins as the reason of a row. */
export const DENIED = 'Denied: ';

/** After so many tries, the last failure is taken for the reason. */
export const MOST_TRIES = 10;
const AT_ONCE = 100;

/**
 * Returns the next queued steps of an account and region, those first that the service forgets first, and last those
 * that were denied: what can't be read must not keep others waiting. `after` is the last one of the call before.
 */
export function listQueued(
  sqlite: Database,
  { accountId, region }: SourceKey,
  provenance: Provenance,
  after: Pick<QueuedOutput, 'isDenied' | 'requestedAt' | 'rowId'> | undefined,
): QueuedOutput[] {
  return prepareOnce<[object], QueuedOutput>(
    sqlite,
    `SELECT q.rowid AS rowId, q.provenance, q.tries, q.is_denied AS isDenied, ${CUT_STEP}
       FROM main.output_queue q JOIN main.invocations i ON i.id = q.invocation_id
       JOIN main.plugins p ON p.invocation_id = i.id AND p.position = q.position
      WHERE q.account_id = :accountId AND q.region = :region AND q.provenance = :provenance AND q.gave_up_at IS NULL
        AND (q.is_denied, q.requested_at, q.rowid) > (:isDenied, :requestedAt, :rowId)
      ORDER BY q.is_denied, q.requested_at, q.rowid LIMIT :limit`,
  ).all({
    accountId,
    region,
    provenance,
    isDenied: after?.isDenied ?? 0,
    requestedAt: after?.requestedAt ?? '',
    rowId: after?.rowId ?? 0,
    limit: AT_ONCE,
  });
}

/**
 * Keeps what was fetched and takes the step out of the queue, in one transaction with the lease's check: whatever
 * happens, the output is either stored or still queued. If a whole output came, its other places are not asked any
 * more.
 */
export function keepFetched(
  sqlite: Database,
  queued: QueuedOutput,
  fetched: readonly FetchedOutput[],
  { fetchedAt, renew }: { fetchedAt: string; renew: () => void },
): void {
  const { invocationId, position, name, provenance } = queued;
  sqlite
    .transaction(() => {
      renew();
      const row = prepareOnce<[number, number, string], number>(
        sqlite,
        'DELETE FROM output_queue WHERE invocation_id = ? AND position = ? AND provenance = ?',
      ).run(invocationId, position, provenance);
      // It was pruned in the meantime.
      if (row.changes === 0) return;
      recordFullOutputs(sqlite, { invocationId, position, name, provenance, fetchedAt }, fetched);
      if (fetched.length === 2 && fetched.every(({ cutBy }) => cutBy === null))
        prepareOnce(sqlite, 'DELETE FROM output_queue WHERE invocation_id = ? AND position = ?').run(
          invocationId,
          position,
        );
    })
    .immediate();
}

/**
 * Notes why a step could not be fetched. With `isLast` it is not tried again, nor after MOST_TRIES, of which a failure
 * without `isTry` is none.
 */
export function noteFailed(
  sqlite: Database,
  { rowId, tries }: QueuedOutput,
  { sentence, at, isLast, isTry = true }: { sentence: string; at: string; isLast: boolean; isTry?: boolean },
): void {
  const tried = isTry ? tries + 1 : tries;
  const gaveUpAt = isLast || tried >= MOST_TRIES ? at : null;
  prepareOnce(
    sqlite,
    'UPDATE output_queue SET tries = ?, is_denied = 0, last_error = ?, gave_up_at = ? WHERE rowid = ?',
  ).run(tried, sentence, gaveUpAt, rowId);
}

/** Puts a step that was denied behind those that were not. That is no try: it is fetched once it is permitted. */
export function putBehind(sqlite: Database, { rowId }: QueuedOutput): void {
  prepareOnce(sqlite, 'UPDATE output_queue SET is_denied = 1 WHERE rowid = ?').run(rowId);
}

/**
 * Notes of steps that their place refuses what the service said. They stay queued, and it is no try of them, since only
 * some of them were asked. What was noted of an earlier refusal stays: it would be written again in each pass.
 */
export function noteDenied(sqlite: Database, rowIds: readonly number[], sentence: string): void {
  const note = prepareOnce<[object], never>(
    sqlite,
    `UPDATE output_queue SET last_error = :sentence WHERE rowid = :rowId AND gave_up_at IS NULL
        AND (last_error IS NULL OR substr(last_error, 1, length(:denied)) <> :denied)`,
  );
  sqlite
    .transaction(() => {
      for (const rowId of rowIds) note.run({ sentence: `${DENIED}${sentence}`, rowId, denied: DENIED });
    })
    .immediate();
}
