import { setImmediate } from 'node:timers/promises';
import type { ArchiveDb } from '../db/open.ts';

/** About a hundredth of a second's work: nobody who writes too waits longer. */
const BATCH_OUTPUTS = 200;

/**
 * Makes the outputs searchable that are not yet, the oldest first, in transactions of their own; returns how many. Not in
 * the page's transaction, whose rate it would halve. Outputs are only ever added, and their ids only grow: what follows the
 * last indexed one is what is missing, whoever stopped there.
 */
export async function indexOutputs({ sqlite }: Pick<ArchiveDb, 'sqlite'>, signal?: AbortSignal): Promise<number> {
  const add = sqlite.prepare(
    `INSERT INTO outputs_fts (rowid, text) SELECT id, text FROM outputs
      WHERE id > (SELECT coalesce(max(id), 0) FROM outputs_fts_docsize) ORDER BY id LIMIT ${BATCH_OUTPUTS}`,
  );
  const isBehind = sqlite
    .prepare('SELECT (SELECT max(id) FROM outputs) > (SELECT coalesce(max(id), 0) FROM outputs_fts_docsize)')
    .pluck();
  const addBatch = sqlite.transaction(() => add.run().changes);
  let indexed = 0;
  while (!signal?.aborted && isBehind.get() === 1) {
    indexed += addBatch.immediate();
    await setImmediate();
  }
  return indexed;
}
