import type { Database } from 'better-sqlite3';
import type { OutputText } from './find-output-text.ts';
import { readOutputBytes } from './read-output-bytes.ts';

/**
 * SQLite reads the whole text for each piece: a piece has so many bytes, and a large text is sent in so many pieces, so
 * that a text of twice the size does not take four times as long.
 */
const PIECE_BYTES = 2_097_152;
const MOST_PIECES = 16;

/**
 * Streams the text of an output as UTF-8, a piece when its reader asks for one. Between pieces nothing is open: a slow
 * reader holds back neither the archive's log nor another reader.
 */
export function streamOutputText(sqlite: Database, { outputId, sizeBytes }: OutputText): ReadableStream<Uint8Array> {
  const most = Math.max(PIECE_BYTES, Math.ceil(sizeBytes / MOST_PIECES));
  let from = 0;
  return new ReadableStream<Uint8Array>(
    {
      pull(to) {
        if (from >= sizeBytes) return to.close();
        const piece = readOutputBytes(sqlite, outputId, { from, most });
        // What was sent must not be taken for the whole, so the connection breaks.
        if (!piece || piece.length === 0) throw new Error('The output was pruned while it was sent.');
        from += piece.length;
        to.enqueue(new Uint8Array(piece));
      },
    },
    { highWaterMark: 0 },
  );
}
