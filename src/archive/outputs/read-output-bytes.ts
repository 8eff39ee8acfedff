import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';

/**
 * Returns some bytes of an output's text as UTF-8, from an offset on: none at its end, and undefined if the text is not
 * there any more. They may begin and end within a character, so that pieces one after another are exactly the text.
 *
 * The text is read as a BLOB: of a TEXT, substr() would count characters from its beginning, and end at a NUL.
 */
export function readOutputBytes(
  sqlite: Database,
  outputId: number,
  { from, most }: { from: number; most: number },
): Buffer | undefined {
  const bytes = prepareOnce<[number, number, number], Uint8Array | null>(
    sqlite,
    'SELECT substr(CAST(text AS BLOB), ? + 1, ?) FROM outputs WHERE id = ?',
  )
    .pluck()
    .get(from, most, outputId);
  if (bytes === undefined) return undefined;
  // substr() of an empty BLOB is NULL. Node's own SQLite gives plain bytes, of which we make a Buffer without a copy.
  return bytes === null ? Buffer.alloc(0) : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
