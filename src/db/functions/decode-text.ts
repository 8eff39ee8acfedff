import { decodeOutput } from '../../lib/text/decode-output.ts';

const MOST_CHARACTERS = 1_000_000;

/** `decode_text(output)`: an output decoded, if its program wrote UTF-16; any other text as it is. NULL for NULL. */
export function decodeText(output: unknown): string | null {
  if (output === null) return null;
  const text = Buffer.isBuffer(output) ? output.toString() : String(output);
  if (text.length > MOST_CHARACTERS)
    throw new RangeError(`decode_text takes texts of at most ${MOST_CHARACTERS} characters`);
  return decodeOutput(text);
}
