import type { Database } from 'better-sqlite3';
import type { FullOutput } from './list-full-outputs.ts';
import { readOutputBytes } from './read-output-bytes.ts';

/** What is longer has a page of its own. */
export const MOST_SMALL_BYTES = 16_384;
/** The most that all of these add to a page. */
const MOST_BYTES = 262_144;
/** No character of an output has more bytes as UTF-8 than three times those that it came in. */
const MOST_GROWTH = 3;

/**
 * Returns the texts of the fetched outputs that are small enough for the page of their invocation, by their rows of
 * `outputs`. Of a step and stream only the first is among them, which is the longest.
 */
export function readSmallTexts(sqlite: Database, fetched: readonly FullOutput[]): [outputId: number, text: string][] {
  const texts = new Map<number, string>();
  let left = MOST_BYTES;
  for (const [n, { outputId, sizeBytes, position, stream }] of fetched.entries()) {
    const before = fetched[n - 1];
    const isFirst = before?.position !== position || before.stream !== stream;
    if (outputId === null || !isFirst || sizeBytes > MOST_SMALL_BYTES || sizeBytes > left) continue;
    const bytes = readOutputBytes(sqlite, outputId, { from: 0, most: MOST_SMALL_BYTES * MOST_GROWTH });
    if (bytes) texts.set(outputId, Buffer.from(bytes).toString());
    left -= sizeBytes;
  }
  return [...texts];
}
