const CHUNK_BYTES = 131_072;

/** Puts lines together as UTF-8, in chunks that are worth a write. */
export interface LineWriter {
  add(line: string): void;
  /** Hands on what is left. */
  end(): void;
}

/** A writer that gives each chunk to `push`, which has done with it when it returns; `end` stands after each line. */
export function createLineWriter(end: string, push: (chunk: Uint8Array) => void): LineWriter {
  let chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let size = 0;
  const flush = () => {
    if (size > 0) push(chunk.subarray(0, size));
    size = 0;
  };
  return {
    add(line) {
      // UTF-8 takes at most three bytes for a UTF-16 unit.
      const most = (line.length + end.length) * 3;
      if (size + most > chunk.length) {
        flush();
        if (most > chunk.length) chunk = Buffer.allocUnsafe(most);
      }
      size += chunk.write(line, size);
      size += chunk.write(end, size, 'latin1');
    },
    end: flush,
  };
}
