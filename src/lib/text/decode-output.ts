import { utf16Order } from '../text-file/utf16-order.ts';

/** What the agent writes between and after the two streams of a step. It is UTF-8 even if the streams are not. */
const OF_THE_AGENT = /(\n----------ERROR-------\n|\n---Output truncated---|\n---Error truncated----)/;
/** The service replaces each byte that is not UTF-8 with this character, U+FFFD. */
const LOST = '\ufffd';
const LOST_BYTE = 0xff;
/**
 * The byte order mark of UTF-16: two replaced bytes, because the service replaces bytes that are not UTF-8; or the mark
 * unchanged.
 */
const MARKS = [LOST + LOST, '\ufeff'];

/**
 * If a program wrote UTF-16, as Windows programs do, returns its output decoded. The service reads each byte of UTF-16
 * as a character of its own, so an ASCII character is followed by a NUL. We recognize a UTF-16 stream by its byte order
 * mark or by the positions of its NULs. In a text that is UTF-16 only in part, the NULs between characters are removed.
 * Lost bytes stay U+FFFD.
 */
export function decodeOutput(text: string): string {
  if (!text.includes('\0')) return text;
  return text.split(OF_THE_AGENT).map(decodeStream).join('');
}

/**
 * Returns the text without NULs that alternate with characters. This decodes ASCII characters correctly anywhere in a
 * text.
 */
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
  // The agent may cut an output in the middle of a pair of bytes, so one byte may be left.
  const rest = bytes.length % 2 === 1 ? bytes.subarray(-1).toString() : '';
  const decoded = Buffer.alloc(units.length * 2);
  for (const [i, unit] of units.entries()) decoded.writeUInt16LE(unit, i * 2);
  return decoded.toString('utf16le') + (rest === '\0' ? '' : rest);
}
