import { constants } from 'node:buffer';
import { inflateRawSync } from 'node:zlib';
import type { Database } from 'better-sqlite3';
import { type BatchFacts, batchDigest } from './entries.ts';

/** The states that were stored together. The line of a pruned or sealed state is empty. */
export interface StateBatch extends BatchFacts {
  states: string[];
  /** batchDigest of the states as they are now: it differs from the first digest if some states were pruned or sealed. */
  presentDigest: Buffer;
}

interface BatchRow {
  states: Buffer;
  salt: Buffer | null;
  dictionary: Buffer | null;
  original: Buffer | null;
}

/**
 * Returns a function that reads a row of `revision_pages`. It keeps the last row, because the next requested line is
 * mostly in the same row. The message of each error is a sentence for the user.
 */
export function createBatchReader(sqlite: Database): (batchId: number) => StateBatch {
  const read = sqlite.prepare<[number], BatchRow>(
    `SELECT p.states, p.salt, d.bytes AS dictionary, coalesce(o.original_sha256, s.original_sha256) AS original FROM revision_pages p
       LEFT JOIN main.state_dictionaries d ON d.id = p.dictionary_id LEFT JOIN pruned_pages o ON o.page_id = p.id
       LEFT JOIN sealed_pages s ON s.page_id = p.id
      WHERE p.id = ?`,
  );
  let last: (StateBatch & { batchId: number }) | undefined;
  let unfit: { batchId: number; error: unknown } | undefined;
  return (batchId) => {
    if (last?.batchId === batchId) return last;
    // Unpacking a damaged batch may take a second, so it is tried only once, not for each line.
    if (unfit?.batchId === batchId) throw unfit.error;
    const batch = read.get(batchId);
    if (!batch) throw new Error(`state batch ${batchId} is missing`);
    if (!batch.dictionary) throw new Error(`the dictionary of state batch ${batchId} is missing`);
    const presentDigest = batchDigest(batch.states, batch.salt);
    const facts = { digest: batch.original ?? presentDigest, salt: batch.salt, presentDigest };
    try {
      last = { batchId, states: unpack(batchId, batch.states, batch.dictionary), ...facts };
      return last;
    } catch (error) {
      unfit = { batchId, error };
      throw error;
    }
  };
}

function unpack(batchId: number, states: Buffer, dictionary: Buffer): string[] {
  try {
    return inflateRawSync(states, { dictionary, maxOutputLength: constants.MAX_STRING_LENGTH })
      .toString('utf8')
      .split('\n');
  } catch (error) {
    throw new Error(`state batch ${batchId} cannot be unpacked (${error instanceof Error ? error.message : error})`);
  }
}
