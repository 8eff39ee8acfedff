import { constants } from 'node:buffer';
import { inflateRawSync } from 'node:zlib';
import type { Database } from 'better-sqlite3';
import { type PackFacts, packDigest } from './entries.ts';

/** The states of a batch. A pruned state is empty. */
export interface Pack extends PackFacts {
  states: string[];
  /** packDigest of the batch as it is now. It differs from the first one if some states were pruned. */
  presentDigest: Buffer;
}

interface PageRow {
  states: Buffer;
  salt: Buffer | null;
  dictionary: Buffer | null;
  original: Buffer | null;
}

/**
 * Returns a function that reads rows of `revision_pages`. It keeps the last one, since the lines of a batch are usually
 * read together. Throws errors with sentences.
 */
export function createPackReader(sqlite: Database): (pageId: number) => Pack {
  const read = sqlite.prepare<[number], PageRow>(
    `SELECT p.states, p.salt, d.bytes AS dictionary, o.original_sha256 AS original FROM main.revision_pages p
       LEFT JOIN main.state_dictionaries d ON d.id = p.dictionary_id LEFT JOIN main.pruned_pages o ON o.page_id = p.id
      WHERE p.id = ?`,
  );
  let last: (Pack & { pageId: number }) | undefined;
  let unfit: { pageId: number; error: unknown } | undefined;
  return (pageId) => {
    if (last?.pageId === pageId) return last;
    // To try again for each line could take a second each time.
    if (unfit?.pageId === pageId) throw unfit.error;
    const page = read.get(pageId);
    if (!page) throw new Error(`page ${pageId} of revisions is missing`);
    if (!page.dictionary) throw new Error(`the dictionary of page ${pageId} of revisions is missing`);
    const presentDigest = packDigest(page.states, page.salt);
    const facts = { digest: page.original ?? presentDigest, salt: page.salt, presentDigest };
    try {
      last = { pageId, states: unpack(pageId, page.states, page.dictionary), ...facts };
      return last;
    } catch (error) {
      unfit = { pageId, error };
      throw error;
    }
  };
}

function unpack(pageId: number, states: Buffer, dictionary: Buffer): string[] {
  try {
    return inflateRawSync(states, { dictionary, maxOutputLength: constants.MAX_STRING_LENGTH })
      .toString('utf8')
      .split('\n');
  } catch (error) {
    throw new Error(
      `page ${pageId} of revisions can not be unpacked (${error instanceof Error ? error.message : error})`,
    );
  }
}
