import type { Database } from 'better-sqlite3';
import { readArchiveNumber } from '../../archive/number/read-archive-number.ts';
import type { SealedDay } from '../../archive/sealed/read-sealed-days.ts';
import { prepareOnce } from '../../db/prepare-once.ts';
import { SealedEntry } from '../../ledger/entries/sealed-entry.ts';
import { sha256 } from '../../lib/sha256.ts';
import { fetchText } from '../store/fetch-text.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { keyOfManifest } from '../tables/object-key.ts';
import { ManifestFile } from './manifest-file.ts';

/**
 * Returns the JSON of a sealed day's manifest; undefined if the lake has none, or not the one that the ledger names.
 */
export async function readManifest(
  { sqlite, store }: { sqlite: Database; store: ObjectStore },
  { day, generation, entrySeq }: Pick<SealedDay, 'day' | 'generation' | 'entrySeq'>,
): Promise<string | undefined> {
  const text = await fetchText(store, keyOfManifest(readArchiveNumber(sqlite), day, generation));
  const entry = prepareOnce<[number], string>(sqlite, 'SELECT entry_json FROM main.ledger_entries WHERE seq = ?')
    .pluck()
    .get(entrySeq);
  try {
    const { manifest } = ManifestFile.parse(JSON.parse(text ?? ''));
    const named = SealedEntry.parse(JSON.parse(entry ?? '')).manifest;
    return sha256(manifest).toString('hex') === named ? manifest : undefined;
  } catch {
    return undefined;
  }
}
