import { isUtf8 } from 'node:buffer';
import { utf16Order } from '../../lib/text-file/utf16-order.ts';

/** How the bytes of an output became a text. Each can be turned back into exactly the bytes. */
export const OUTPUT_ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'latin1'] as const;

export type OutputEncoding = (typeof OUTPUT_ENCODINGS)[number];

/** The longest character of UTF-8 has four bytes, so at most three are left of one that was cut. */
const MOST_LEFT_OVER = 3;
const MARKS: readonly (readonly number[])[] = [
  [0xff, 0xfe],
  [0xfe, 0xff],
];

/**
 * Returns the text of an output's bytes: UTF-8 if they are it, else UTF-16 if they are it. Everything else becomes a
 * text in which each byte is the character with its number: the ASCII of a program that wrote in a code page of its
 * own stays readable and can be searched, and no byte is lost.
 */
export function textOfBytes(bytes: Buffer): { encoding: OutputEncoding; text: string } {
  if (isUtf8(bytes)) return { encoding: 'utf-8', text: bytes.toString('utf8') };
  const hasMark = MARKS.some(([first, second]) => bytes[0] === first && bytes[1] === second);
  const order = utf16Order(bytes, hasMark);
  if (order !== undefined) {
    try {
      // The mark stays in the text, so that it comes back among the bytes.
      return { encoding: order, text: new TextDecoder(order, { fatal: true, ignoreBOM: true }).decode(bytes) };
    } catch {
      // It has half a character in it, which no text can hold.
    }
  }
  return { encoding: 'latin1', text: bytes.toString('latin1') };
}

/** Returns the bytes that became this text; undefined if the encoding is not one of ours. */
export function bytesOfText(text: string, encoding: string): Buffer | undefined {
  if (encoding === 'utf-8') return Buffer.from(text);
  if (encoding === 'latin1') return Buffer.from(text, 'latin1');
  if (encoding === 'utf-16le') return Buffer.from(text, 'utf16le');
  if (encoding === 'utf-16be') return Buffer.from(text, 'utf16le').swap16();
  return undefined;
}

/** Returns the bytes without the part of a character that a cut has left at their end. */
export function withoutHalfCharacter(bytes: Buffer): Buffer {
  if (textOfBytes(bytes).encoding !== 'latin1') return bytes;
  for (let left = 1; left <= MOST_LEFT_OVER; left++) {
    const whole = bytes.subarray(0, -left);
    const { encoding } = textOfBytes(whole);
    if (encoding.startsWith('utf-16')) return whole;
    if (encoding === 'utf-8' && lengthOfCharacter(bytes.at(-left)) > left) return whole;
  }
  return bytes;
}

/** How many bytes the character has that begins with this byte, in UTF-8. */
function lengthOfCharacter(first = 0): number {
  return first > 0xf4 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 1;
}
