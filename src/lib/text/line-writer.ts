const CHUNK_BYTES = 131_072;

/** Puts lines together as UTF-8, in chunks that are worth a write. */
export interface LineWriter {
  add(line: string): void;
  /** Hands on what is left. */
  end(): void;
}

/** The first line of a text, where it has one that belongs to no item, and what stands after each line. */
export interface Lines {
  head?: string;
  end: string;
}

export const NDJSON_LINES: Lines = { end: '\n' };

/** A writer that gives each chunk to `push`, which has done with it when it returns. It begins with the head. */
export function createLineWriter({ head, end }: Lines, push: (chunk: Uint8Array) => void): LineWriter {
  let chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let size = 0;
  const flush = () => {
    if (size > 0) push(chunk.subarray(0, size));
    size = 0;
  };
  const add = (line: string) => {
    // UTF-8 takes at most three bytes for a UTF-16 unit.
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
