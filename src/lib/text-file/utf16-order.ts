export type Utf16 = 'utf-16le' | 'utf-16be';

/**
 * UTF-16, and which byte of a pair it has first, by where the NULs stand; undefined where the bytes are something else. A text in
 * other letters than ASCII has NULs only at its blanks: it counts as UTF-16 only with a mark at its start.
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
  // Plain ASCII characters must not contradict the mark.
  const isUtf16 = isLike || (hasMark && least * 4 <= most && plain * 4 <= bytes.length);
  if (!isUtf16) return undefined;
  return odd >= even ? 'utf-16le' : 'utf-16be';
}

/** Two characters side by side, as UTF-16 has them at the place of one among rare letters alone, but where it is partly something else. */
function countPlainPairs(bytes: Uint8Array): number {
  const isPlain = (byte = 0) => (byte >= 0x20 && byte < 0x7f) || byte === 0x0a;
  let pairs = 0;
  for (let i = 0; i + 1 < bytes.length; i += 2) if (isPlain(bytes[i]) && isPlain(bytes[i + 1])) pairs += 1;
  return pairs;
}
