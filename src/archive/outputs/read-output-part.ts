import type { Database } from 'better-sqlite3';
import { readOutputBytes } from './read-output-bytes.ts';

/** The most of an output that a page shows at once. */
export const MOST_PART_BYTES = 131_072;
export const MOST_PART_LINES = 2500;

const LINE_END = 0x0a;

/** Where a part begins: at a line (the first is 1), or at a byte. */
export type PartStart = { line: number } | { from: number };

/** Some lines of an output. Offsets are those of its bytes as UTF-8. */
export interface OutputPart {
  text: string;
  /** The number of its first line. */
  firstLine: number;
  /** Whether its first line began before this part, which happens if one line is longer than a part. */
  isContinued: boolean;
  from: number;
  to: number;
  totalBytes: number;
  totalLines: number;
  /** Where the part before this one begins; absent in the first. */
  previous?: number;
  /** Where the last part begins. */
  last: number;
}

/**
 * Reads the part of an output that begins at a line or a byte. Returns null if its text is not there any more, and only
 * the number of lines if it has fewer lines or bytes. A part ends at the end of a line unless the line is longer than a
 * part, and never within a character.
 */
export function readOutputPart(
  sqlite: Database,
  { outputId, sizeBytes, start }: { outputId: number; sizeBytes: number; start: PartStart },
): OutputPart | { totalLines: number } | null {
  const whole = readOutputBytes(sqlite, outputId, { from: 0, most: sizeBytes });
  if (!whole) return null;
  const ends = countLineEnds(whole, 0, whole.length);
  const totalLines = ends + (whole.length > 0 && whole.at(-1) !== LINE_END ? 1 : 0);
  const from = 'line' in start ? startOfLine(whole, start.line) : startOfCharacter(whole, start.from);
  if (from === undefined || (from >= whole.length && from > 0)) return { totalLines };
  const to = endOfPart(whole, from);
  return {
    text: whole.toString('utf8', from, to),
    firstLine: 1 + countLineEnds(whole, 0, from),
    isContinued: from > 0 && whole[from - 1] !== LINE_END,
    ...{ from, to, totalBytes: whole.length, totalLines },
    ...(from > 0 && { previous: startOfPartBefore(whole, from) }),
    last: startOfPartBefore(whole, whole.length),
  };
}

function countLineEnds(bytes: Buffer, from: number, to: number): number {
  let count = 0;
  for (let at = bytes.indexOf(LINE_END, from); at !== -1 && at < to; at = bytes.indexOf(LINE_END, at + 1)) count += 1;
  return count;
}

function startOfLine(bytes: Buffer, line: number): number | undefined {
  let at = 0;
  for (let n = 1; n < line; n += 1) {
    const end = bytes.indexOf(LINE_END, at);
    if (end === -1) return undefined;
    at = end + 1;
  }
  return at;
}

/** The beginning of the character that the byte at an offset is part of. */
function startOfCharacter(bytes: Buffer, offset: number): number {
  let at = Math.min(offset, bytes.length);
  while (at > 0 && at < bytes.length && ((bytes[at] ?? 0) & 0xc0) === 0x80) at -= 1;
  return at;
}

function endOfPart(bytes: Buffer, from: number): number {
  const most = Math.min(from + MOST_PART_BYTES, bytes.length);
  let at = from;
  for (let lines = 0; lines < MOST_PART_LINES; lines += 1) {
    const end = bytes.indexOf(LINE_END, at);
    if (end === -1 || end >= most) {
      if (most === bytes.length || at === from) return startOfCharacter(bytes, most);
      break;
    }
    at = end + 1;
  }
  return at;
}

/** Where the part begins that is before an offset, and that leaves nothing out between itself and the offset. */
function startOfPartBefore(bytes: Buffer, from: number): number {
  let at = from;
  for (let lines = 0; lines < MOST_PART_LINES && at > 0; lines += 1) {
    const before = at < 2 ? 0 : bytes.lastIndexOf(LINE_END, at - 2) + 1;
    if (from - before > MOST_PART_BYTES) break;
    at = before;
  }
  // The line before is longer than a part. A character has at most four bytes, so that its beginning is near enough.
  if (at === from) at = startOfCharacter(bytes, Math.max(0, from - MOST_PART_BYTES + 3));
  // A part that does not begin the line at the offset ends before that line.
  for (let end = endOfPart(bytes, at); end < from; end = endOfPart(bytes, at)) at = end;
  return at;
}
