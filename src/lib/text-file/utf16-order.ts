export type Utf16 = 'utf-16le' | 'utf-16be';

/**
 * Returns which byte order of UTF-16 the bytes have, by the positions of their NULs; undefined if the bytes are not
 * UTF-16. A text in another script than Latin has NULs only at blanks and similar characters, so it counts as UTF-16
 * only if it begins with a byte order mark.
 */
export function utf16Order(bytes: Uint8Array, hasMark: boolean): Utf16 | undefined {
  let even = 0;
  let odd = 0;
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] !== 0) continue;
    if (i % 2 === 0) even += 1;
    else odd += 1;
  }
  const [most, least] = [Math.max(even, odd), Math.min(even, odd)];
  const plain = countPlainPairs(bytes);
  const isLike = most >= 2 && most * 4 >= bytes.length && least * 10 <= most && plain === 0;
  // A text with many pairs of plain ASCII is not UTF-16, even if it begins with a byte order mark.
  const isUtf16 = isLike || (hasMark && least * 4 <= most && plain * 4 <= bytes.length);
  if (!isUtf16) return undefined;
  return odd >= even ? 'utf-16le' : 'utf-16be';
}

/**
 * Counts pairs of plain ASCII characters. In UTF-16 such a pair would be one rare letter, so many pairs show that a
 * part of the bytes is not UTF-16.
 */
function countPlainPairs(bytes: Uint8Array): number {
  const isPlain = (byte = 0) => (byte >= 0x20 && byte < 0x7f) || byte === 0x0a;
  let pairs = 0;
  for (let i = 0; i + 1 < bytes.length; i += 2) if (isPlain(bytes[i]) && isPlain(bytes[i + 1])) pairs += 1;
  return pairs;
}
