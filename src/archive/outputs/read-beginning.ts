import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { bytesOfText, withoutHalfCharacter } from '../../model/outputs/output-encoding.ts';
import type { FullOutput } from './list-full-outputs.ts';

/**
 * A character of ISO 8859-1 becomes two bytes of UTF-8, and two bytes of UTF-16 become three at most. SQLite has its
 * texts as UTF-8.
 */
const MOST_BYTES_OF_ONE = 2;

/**
 * Returns the first bytes of a fetched output, as they came: at least `bytes` of them if there are as many. Undefined
 * if its text was pruned.
 */
export function readBeginning(
  sqlite: Database,
  { outputId, encoding }: Pick<FullOutput, 'outputId' | 'encoding'>,
  bytes: number,
): Buffer | undefined {
  // SQLite's substr stops at a NUL in a text, but not in a BLOB.
  const stored = prepareOnce<[number, number | null], Buffer>(
    sqlite,
    'SELECT substr(CAST(text AS BLOB), 1, ?) FROM main.outputs WHERE id = ?',
  )
    .pluck()
    .get(bytes * MOST_BYTES_OF_ONE + 3, outputId);
  return stored && bytesOfText(withoutHalfCharacter(stored).toString(), encoding);
}
