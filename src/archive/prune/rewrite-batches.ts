import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { secretOfState } from '../../ledger/entries/commitments.ts';
import { createBatchReader } from '../../ledger/entries/create-batch-reader.ts';
import { batchDigest } from '../../ledger/entries/entries.ts';
import { packSecrets } from '../../ledger/entries/line-secrets.ts';
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
  /** The secrets of the lines that are left; null for batches from before there were any. */
  salt: Buffer | null;
}

/**
 * Rewrites batches without the states in these lines, and without the secret of which the salts of these were made. A batch without any state is removed, except the last one in the
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
      return { id, original: digest, present: undefined, states: undefined, salt: null };
    }
    const encoded = encodeStates(left, dictionaryOf.get(id) ?? Buffer.alloc(0));
    const kept =
      salt && packSecrets(left.map((state, line) => (state === '' ? undefined : secretOfState(salt, line, state))));
    return { id, original: digest, present: batchDigest(encoded, kept), states: encoded, salt: kept };
  });
}

/** Writes the rewritten batches. Call it after the tombstone of the removed states was written. */
export function writeBatches(sqlite: Database, batches: readonly RewrittenBatch[]): void {
  for (const { id, states, salt } of batches) {
    // A row that is as long as before is overwritten in its place. Else SQLite may leave a copy of the secret in a part
    // of the page that it does not use any more, also with secure_delete.
    prepareOnce(sqlite, 'UPDATE revision_pages SET salt = zeroblob(length(salt)) WHERE id = ?').run(id);
    if (states)
      prepareOnce(sqlite, 'UPDATE revision_pages SET states = ?, salt = ? WHERE id = ?').run(states, salt, id);
    else
      for (const sql of ['DELETE FROM revision_pages WHERE id = ?', 'DELETE FROM sealed_pages WHERE page_id = ?'])
        prepareOnce(sqlite, sql).run(id);
  }
}
