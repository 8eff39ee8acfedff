import type { Database } from 'better-sqlite3';
import { CURRENT_DICTIONARY_ID, currentDictionary } from '../../model/state-codec.ts';

/**
 * Returns the dictionary of the current id, and stores it if the file has none. If the file has one, its bytes are used:
 * a state can only be unpacked with the dictionary that packed it. Another process may add it after we have read that it
 * is not there. So we read again once we hold the lock to write: a second INSERT would be refused, since dictionaries
 * are append-only.
 */
export function ensureDictionary(sqlite: Database): Buffer {
  const read = sqlite.prepare<unknown[], Buffer>('SELECT bytes FROM state_dictionaries WHERE id = ?').pluck();
  const add = sqlite.transaction((): Buffer => {
    const kept = read.get(CURRENT_DICTIONARY_ID);
    if (kept) return kept;
    const dictionary = currentDictionary();
    sqlite.prepare('INSERT INTO state_dictionaries (id, bytes) VALUES (?, ?)').run(CURRENT_DICTIONARY_ID, dictionary);
    return dictionary;
  });
  return read.get(CURRENT_DICTIONARY_ID) ?? add.immediate();
}
