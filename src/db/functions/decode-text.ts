import { decodeOutput } from '../../lib/text/decode-output.ts';
import { refuseLonger } from './refuse-longer.ts';

/** `decode_text(output)`: an output decoded, if its program wrote UTF-16; any other text as it is. NULL for NULL. */
export function decodeText(output: unknown): string | null {
  if (output === null) return null;
  const text = Buffer.isBuffer(output) ? output.toString() : String(output);
  refuseLonger('decode_text', text);
  return decodeOutput(text);
}
