import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { packDigest } from '../../ledger/entries/entries.ts';
import { createPackReader } from '../../ledger/entries/read-pack.ts';
import { packStates } from '../../model/state-codec.ts';

/** A page of states after some of them are removed. */
export interface RepackedPage {
  id: number;
  /** packDigest of the page's first form, and of its new form; undefined if the page is removed. */
  original: Buffer;
  present: Buffer | undefined;
  states: Buffer | undefined;
}

/**
 * Packs pages again without the states in these lines. A page without any state is removed. Only the last page of all
 * stays, empty, so that its number is never used again.
 */
export function repackPages(sqlite: Database, revisions: readonly { pageId: number; line: number }[]): RepackedPage[] {
  const lines = new Map<number, Set<number>>();
  for (const { pageId, line } of revisions) lines.set(pageId, (lines.get(pageId) ?? new Set()).add(line));
  const readPack = createPackReader(sqlite);
  const dictionaryOf = prepareOnce<[number], Buffer>(
    sqlite,
    'SELECT d.bytes FROM main.revision_pages p JOIN main.state_dictionaries d ON d.id = p.dictionary_id WHERE p.id = ?',
  ).pluck();
  const last = prepareOnce<[], number>(sqlite, 'SELECT max(id) FROM main.revision_pages').pluck().get();
  return [...lines].map(([id, gone]): RepackedPage => {
    const { states, digest, salt } = readPack(id);
    const left = states.map((state, line) => (gone.has(line) ? '' : state));
    if (id !== last && left.every((state) => state === '')) {
      return { id, original: digest, present: undefined, states: undefined };
    }
    const packed = packStates(left, dictionaryOf.get(id) ?? Buffer.alloc(0));
    return { id, original: digest, present: packDigest(packed, salt), states: packed };
  });
}

/** Writes the pages, once they have their tombstone. */
export function writePages(sqlite: Database, pages: readonly RepackedPage[]): void {
  for (const { id, states } of pages) {
    if (states) prepareOnce(sqlite, 'UPDATE revision_pages SET states = ? WHERE id = ?').run(states, id);
    else prepareOnce(sqlite, 'DELETE FROM revision_pages WHERE id = ?').run(id);
  }
}
