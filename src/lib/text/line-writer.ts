const CHUNK_BYTES = 131_072;

/** Collects lines, as UTF-8, in chunks that are large enough for one write each. */
export interface LineWriter {
  add(line: string): void;
  /** Passes on the lines that were added since the last chunk. */
  end(): void;
}

/** How a text is written: its header line, if it has one, and the end of each line. */
export interface Lines {
  head?: string;
  end: string;
}

export const NDJSON_LINES: Lines = { end: '\n' };

/**
 * Returns a writer that passes each chunk to `push`. The chunk is used again after `push` returns. The text begins with
 * the head.
 */
export function createLineWriter({ head, end }: Lines, push: (chunk: Uint8Array) => void): LineWriter {
  let chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let size = 0;
  const flush = () => {
    if (size > 0) push(chunk.subarray(0, size));
    size = 0;
  };
  const add = (line: string) => {
    // A UTF-16 unit takes at most three bytes in UTF-8.
    const most = (line.length + end.length) * 3;
    if (size + most > chunk.length) {
      flush();
      if (most > chunk.length) chunk = Buffer.allocUnsafe(most);
    }
    size += chunk.write(line, size);
    size += chunk.write(end, size, 'latin1');
  };
  if (head !== undefined) add(head);
  return { add, end: flush };
}
