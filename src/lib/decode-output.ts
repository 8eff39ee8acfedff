/** What the agent puts between and behind the two streams of a step, in UTF-8 whatever they are in themselves. */
const OF_THE_AGENT = /(\n----------ERROR-------\n|\n---Output truncated---|\n---Error truncated----)/;
/** U+FFFD is what is left of a byte that is no UTF-8. */
const LOST = '\ufffd';
const LOST_BYTE = 0xff;

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
  const hasMark = stream.startsWith(LOST + LOST);
  const bytes = bytesOf(hasMark ? stream.slice(2) : stream);
  const nuls = [0, 0];
  for (const [i, byte] of bytes.entries()) if (byte === 0) nuls[i % 2] = (nuls[i % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = nuls;
  const [most, least] = [Math.max(even, odd), Math.min(even, odd)];
  // Texts of other letters than ASCII have NULs at their blanks alone: there the mark has to say it.
  const isLike = most >= 2 && most * 4 >= bytes.length && least * 10 <= most;
  const isUtf16 = hasMark ? least * 4 <= most : isLike && !hasPlainPair(bytes);
  return isUtf16 ? decodePairs(bytes, odd >= even) : withoutNuls(stream);
}

/** Two characters side by side, as no text of UTF-16 has them at the place of one, but where it is partly something else. */
function hasPlainPair(bytes: Buffer): boolean {
  const isPlain = (byte = 0) => (byte >= 0x20 && byte < 0x7f) || byte === 0x0a;
  for (let i = 0; i + 1 < bytes.length; i += 2) if (isPlain(bytes[i]) && isPlain(bytes[i + 1])) return true;
  return false;
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
