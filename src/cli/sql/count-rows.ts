const NEWLINE = 0x0a;
const QUOTE = 0x22;

/**
 * Counts the rows of a stream from its bytes: each line is a row. In CSV the header and line ends within quotes don't
 * count.
 */
export function createRowCounter(format: 'csv' | 'ndjson'): (chunk: Uint8Array) => number {
  let isQuoted = false;
  let isHeader = format === 'csv';
  return (chunk) => {
    let lines = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at];
      if (byte === QUOTE && format === 'csv') isQuoted = !isQuoted;
      else if (byte === NEWLINE && !isQuoted) lines += 1;
    }
    if (lines === 0 || !isHeader) return lines;
    isHeader = false;
    return lines - 1;
  };
}
