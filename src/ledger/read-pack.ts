import { constants } from 'node:buffer';
import { inflateRawSync } from 'node:zlib';
import type { Database } from 'better-sqlite3';
import { sha256Of } from '../lib/sha256.ts';

/** The states that were packed together, and the SHA-256 of the packed bytes. */
export interface Pack {
  states: string[];
  sha256: Buffer;
}

/** Reads rows of `revision_pages`; the last one is kept, since its lines follow each other. Throws sentences. */
export function createPackReader(sqlite: Database): (pageId: number) => Pack {
  const read = sqlite.prepare<[number], { states: Buffer; dictionary: Buffer | null }>(
    `SELECT p.states, d.bytes AS dictionary FROM main.revision_pages p LEFT JOIN main.state_dictionaries d ON d.id = p.dictionary_id
      WHERE p.id = ?`,
  );
  let last: (Pack & { pageId: number }) | undefined;
  return (pageId) => {
    if (last?.pageId === pageId) return last;
    const page = read.get(pageId);
    if (!page) throw new Error(`page ${pageId} of revisions is missing`);
    if (!page.dictionary) throw new Error(`the dictionary of page ${pageId} of revisions is missing`);
    last = { pageId, states: unpack(pageId, page.states, page.dictionary), sha256: sha256Of(page.states) };
    return last;
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
