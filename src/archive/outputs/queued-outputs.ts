import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import type { FetchedOutput, Provenance } from '../../model/full-output.ts';
import type { SourceKey } from '../../model/observed-invocation.ts';
import { recordFullOutputs } from '../record/record-full-outputs.ts';
import { CUT_STEP, type CutStep } from './cut-step.ts';

/** A step in the queue, with its row there. */
export interface QueuedOutput extends CutStep {
  rowId: number;
  provenance: Provenance;
  tries: number;
}

/** After so many tries, the last failure is taken for the reason. */
export const MOST_TRIES = 10;
const AT_ONCE = 100;

/**
 * Returns the next queued steps of an account and region, those first that the service forgets first. `after` is the
 * last one of the call before.
 */
export function listQueued(
  sqlite: Database,
  { accountId, region }: SourceKey,
  provenance: Provenance,
  after: Pick<QueuedOutput, 'requestedAt' | 'rowId'> | undefined,
): QueuedOutput[] {
  return prepareOnce<[object], QueuedOutput>(
    sqlite,
    `SELECT q.rowid AS rowId, q.provenance, q.tries, ${CUT_STEP}
       FROM main.output_queue q JOIN main.invocations i ON i.id = q.invocation_id
       JOIN main.plugins p ON p.invocation_id = i.id AND p.position = q.position
      WHERE q.account_id = :accountId AND q.region = :region AND q.provenance = :provenance AND q.gave_up_at IS NULL
        AND (q.requested_at, q.rowid) > (:requestedAt, :rowId) ORDER BY q.requested_at, q.rowid LIMIT :limit`,
  ).all({
    accountId,
    region,
    provenance,
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

/** Notes why a step could not be fetched. With `isLast` it is not tried again, nor after MOST_TRIES. */
export function noteFailed(
  sqlite: Database,
  { rowId, tries }: QueuedOutput,
  { sentence, at, isLast }: { sentence: string; at: string; isLast: boolean },
): void {
  const gaveUpAt = isLast || tries + 1 >= MOST_TRIES ? at : null;
  prepareOnce(sqlite, 'UPDATE output_queue SET tries = tries + 1, last_error = ?, gave_up_at = ? WHERE rowid = ?').run(
    sentence,
    gaveUpAt,
    rowId,
  );
}
