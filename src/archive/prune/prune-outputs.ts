import { prepareOnce } from '../../db/prepare-once.ts';
import { rangesOf } from '../../ledger/entries/tombstone.ts';
import { bury, placesOf } from './bury.ts';
import type { DoomedInvocation } from './doomed.ts';
import type { PrunedPart, PrunePartDeps } from './prune-invocations.ts';

/**
 * Removes the outputs of invocations, except outputs that other invocations printed too, and adds a tombstone. Their
 * states stay, with the outputs' digests. Call it within a transaction.
 */
export function pruneOutputs(deps: PrunePartDeps, doomed: readonly DoomedInvocation[]): PrunedPart {
  const { sqlite, named, order, at } = deps;
  const digests = named.forget(doomed);
  const seqs = doomed.flatMap(({ revisions, fullOutputs }) => [...revisions.map(({ seq }) => seq), ...fullOutputs]);
  bury(sqlite, {
    ...order,
    what: 'outputs',
    at,
    batches: [],
    ranges: rangesOf(seqs),
    places: placesOf('invocations', doomed),
  });
  const unlink = prepareOnce<[number], never>(
    sqlite,
    'UPDATE plugins SET output_id = NULL, is_output_pruned = 1 WHERE invocation_id = ? AND output_id IS NOT NULL',
  );
  for (const { id, fullOutputs } of doomed) {
    unlink.run(id);
    for (const seq of fullOutputs)
      prepareOnce(sqlite, 'UPDATE full_outputs SET output_id = NULL WHERE seq = ?').run(seq);
    // What is still to be fetched would come back after it was pruned.
    prepareOnce(sqlite, 'DELETE FROM output_queue WHERE invocation_id = ?').run(id);
  }
  const states = doomed.reduce((sum, { revisions }) => sum + revisions.length, 0);
  return { invocations: doomed.length, states, outputs: named.dropUnnamed(digests), commands: 0 };
}
