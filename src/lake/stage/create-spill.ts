import { closeSync, openSync, readFileSync, readSync, rmSync, writeSync } from 'node:fs';
import type { LakeRow } from '../tables/lake-table.ts';
import type { RowOrder } from './create-row-order.ts';

/** So much text waits in memory until it is written. */
const WAITING_CHARACTERS = 65_536;
/** A file of at most so many bytes is read at once. */
const AT_ONCE_BYTES = 33_554_432;
const CHUNK_BYTES = 1_048_576;
const NEWLINE = 10;

/** Rows that wait in a file until they are sorted. */
export interface Spill {
  /** Adds a row, given as its JSON. */
  add(json: string): void;
  /** Yields the rows, sorted, and removes the file. */
  sorted(order: RowOrder): Generator<LakeRow>;
  /** Removes the file, if it is there. */
  remove(): void;
}

export function createSpill(path: string): Spill {
  let waiting: string[] = [];
  let characters = 0;
  let fd: number | undefined;
  let size = 0;
  const write = () => {
    fd ??= openSync(path, 'w+');
    const bytes = Buffer.from(waiting.join(''));
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
    size += bytes.length;
    waiting = [];
    characters = 0;
  };
  const remove = () => {
    if (fd !== undefined) closeSync(fd);
    if (fd !== undefined) rmSync(path, { force: true });
    fd = undefined;
  };
  return {
    add(json) {
      waiting.push(json, '\n');
      characters += json.length;
      if (characters > WAITING_CHARACTERS) write();
    },
    *sorted(order) {
      if (fd === undefined) {
        yield* waiting
          .filter((text) => text !== '\n')
          .map(parse)
          .sort(order.compare);
        return;
      }
      write();
      if (size <= AT_ONCE_BYTES) yield* linesOf(readFileSync(path)).map(parse).sort(order.compare);
      else yield* sortedByPlace(fd, order);
      remove();
    },
    remove,
  };
}

function linesOf(bytes: Buffer): string[] {
  return bytes.toString('utf8').split('\n').slice(0, -1);
}

/** These lines are what this process has written. */
function parse(json: string): LakeRow {
  return JSON.parse(json);
}

interface Place {
  at: number;
  length: number;
  /** The row with nothing but the columns by which it is sorted. */
  key: LakeRow;
}

/** Sorts the places of the rows in a file that is too large to be read at once, and reads one row after another. */
function* sortedByPlace(fd: number, { compare, keyOf }: RowOrder): Generator<LakeRow> {
  const places: Place[] = [];
  for (const { at, line } of placedLines(fd))
    places.push({ at, length: line.length, key: keyOf(parse(line.toString())) });
  places.sort((a, b) => compare(a.key, b.key));
  for (const { at, length } of places) {
    const line = Buffer.alloc(length);
    for (let read = 0; read < length; ) read += readSync(fd, line, read, length - read, at + read);
    yield parse(line.toString());
  }
}

function* placedLines(fd: number): Generator<{ at: number; line: Buffer }> {
  const chunk = Buffer.alloc(CHUNK_BYTES);
  let at = 0;
  let held: Buffer[] = [];
  for (let from = 0; ; ) {
    const read = readSync(fd, chunk, 0, chunk.length, from);
    if (read === 0) return;
    from += read;
    let begin = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0 && end < read; end = chunk.indexOf(NEWLINE, begin)) {
      const line = Buffer.concat([...held, chunk.subarray(begin, end)]);
      yield { at, line };
      at += line.length + 1;
      held = [];
      begin = end + 1;
    }
    held.push(Buffer.from(chunk.subarray(begin, read)));
  }
}
