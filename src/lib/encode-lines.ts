const CHUNK_BYTES = 131_072;

/**
 * Lines with their ends as UTF-8, in chunks that are worth a write. Bytes, since joining texts costs many times what
 * encoding them does. Returns how many lines there were.
 */
export function* encodeLines(lines: Iterable<string>, end: string): Generator<Uint8Array, number> {
  let chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let size = 0;
  let count = 0;
  for (const line of lines) {
    // UTF-8 takes at most three bytes for a UTF-16 unit.
    if (size + line.length * 3 + end.length > CHUNK_BYTES) {
      if (size > 0) yield chunk.subarray(0, size);
      chunk = Buffer.allocUnsafe(Math.max(CHUNK_BYTES, line.length * 3 + end.length));
      size = 0;
    }
    count += 1;
    size += chunk.write(line, size);
    size += chunk.write(end, size, 'latin1');
  }
  if (size > 0) yield chunk.subarray(0, size);
  return count;
}
