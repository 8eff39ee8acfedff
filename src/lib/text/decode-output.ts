import { utf16Order } from '../text-file/utf16-order.ts';

/** What the agent puts between and behind the two streams of a step, in UTF-8 whatever they are in themselves. */
const OF_THE_AGENT = /(\n----------ERROR-------\n|\n---Output truncated---|\n---Error truncated----)/;
/** U+FFFD is what is left of a byte that is no UTF-8. */
const LOST = '\ufffd';
const LOST_BYTE = 0xff;
/** What is left of the mark of UTF-16, whose two bytes are no UTF-8; or the mark itself. */
const MARKS = [LOST + LOST, '\ufeff'];

/**
 * An output as its program meant it, where that wrote UTF-16, as programs of Windows do: the service sends its bytes, of which those
 * of ASCII are a character and a NUL each. A stream is UTF-16 by its mark (whose two bytes are no UTF-8), or by where its NULs are;
 * in a text that is partly so, the NULs between characters are left out. Bytes that were lost on the way stay U+FFFD.
 */
export function decodeOutput(text: string): string {
  if (!text.includes('\0')) return text;
  return text.split(OF_THE_AGENT).map(decodeStream).join('');
}

/** The same without the NULs that stand alternately with characters, which is right for ASCII wherever in a text it is. */
export function withoutNuls(text: string): string {
  return text.replaceAll(/(?:[^\0]\0){2,}|(?:\0[^\0]){2,}/g, (run) => run.replaceAll('\0', ''));
}

function decodeStream(stream: string): string {
  if (!stream.includes('\0')) return stream;
  const mark = MARKS.find((one) => stream.startsWith(one)) ?? '';
  const bytes = bytesOf(stream.slice(mark.length));
  const order = utf16Order(bytes, mark !== '');
  return order === undefined ? withoutNuls(stream) : decodePairs(bytes, order === 'utf-16le');
}

function bytesOf(text: string): Buffer {
  return Buffer.concat(
    text.split(LOST).flatMap((part, i) => (i === 0 ? [Buffer.from(part)] : [Buffer.of(LOST_BYTE), Buffer.from(part)])),
  );
}

function decodePairs(bytes: Buffer, isLittleEndian: boolean): string {
  const units: number[] = [];
  for (let i = 0; i + 1 < bytes.length; i += 2) {
    const [first, second] = [bytes[i] ?? 0, bytes[i + 1] ?? 0];
    const isLost = first === LOST_BYTE || second === LOST_BYTE;
    units.push(isLost ? 0xfffd : isLittleEndian ? first | (second << 8) : second | (first << 8));
  }
  // The agent cuts at a byte: half of a pair may be left.
  const rest = bytes.length % 2 === 1 ? bytes.subarray(-1).toString() : '';
  const decoded = Buffer.alloc(units.length * 2);
  for (const [i, unit] of units.entries()) decoded.writeUInt16LE(unit, i * 2);
  return decoded.toString('utf16le') + (rest === '\0' ? '' : rest);
}
