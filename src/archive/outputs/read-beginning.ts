import type { Database } from 'better-sqlite3';
import { bytesOfText, withoutHalfCharacter } from '../../model/outputs/output-encoding.ts';
import type { FullOutput } from './list-full-outputs.ts';
import { readOutputBytes } from './read-output-bytes.ts';

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
  if (outputId === null) return undefined;
  const stored = readOutputBytes(sqlite, outputId, { from: 0, most: bytes * MOST_BYTES_OF_ONE + 3 });
  return stored && bytesOfText(withoutHalfCharacter(stored).toString(), encoding);
}
