import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { createBatchReader } from '../../ledger/entries/create-batch-reader.ts';
import { batchDigest } from '../../ledger/entries/entries.ts';
import { encodeStates } from '../../model/state-codec.ts';

/** A state batch as it will be without some of its states. */
export interface RewrittenBatch {
  id: number;
  /**
   * The batch's digest before its first rewriting (`original`) and after this one (`present`, undefined if the batch is
   * removed).
   */
  original: Buffer;
  present: Buffer | undefined;
  states: Buffer | undefined;
}

/**
 * Rewrites batches without the states in these lines. A batch without any state is removed, except the last one in the
 * archive: it stays as an empty batch, so that its number is never used again.
 */
export function rewriteBatches(
  sqlite: Database,
  revisions: readonly { batchId: number; line: number }[],
): RewrittenBatch[] {
  const lines = new Map<number, Set<number>>();
  for (const { batchId, line } of revisions) lines.set(batchId, (lines.get(batchId) ?? new Set()).add(line));
  const readBatch = createBatchReader(sqlite);
  const dictionaryOf = prepareOnce<[number], Buffer>(
    sqlite,
    'SELECT d.bytes FROM main.revision_pages p JOIN main.state_dictionaries d ON d.id = p.dictionary_id WHERE p.id = ?',
  ).pluck();
  const last = prepareOnce<[], number>(sqlite, 'SELECT max(id) FROM main.revision_pages').pluck().get();
  return [...lines].map(([id, gone]): RewrittenBatch => {
    const { states, digest, salt } = readBatch(id);
    const left = states.map((state, line) => (gone.has(line) ? '' : state));
    if (id !== last && left.every((state) => state === '')) {
      return { id, original: digest, present: undefined, states: undefined };
    }
    const encoded = encodeStates(left, dictionaryOf.get(id) ?? Buffer.alloc(0));
    return { id, original: digest, present: batchDigest(encoded, salt), states: encoded };
  });
}

/** Writes the rewritten batches. Call it after the tombstone of the removed states was written. */
export function writeBatches(sqlite: Database, batches: readonly RewrittenBatch[]): void {
  for (const { id, states } of batches) {
    if (states) prepareOnce(sqlite, 'UPDATE revision_pages SET states = ? WHERE id = ?').run(states, id);
    else
      for (const sql of ['DELETE FROM revision_pages WHERE id = ?', 'DELETE FROM sealed_pages WHERE page_id = ?'])
        prepareOnce(sqlite, sql).run(id);
  }
}
