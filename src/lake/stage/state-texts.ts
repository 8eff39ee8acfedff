import { closeSync, openSync, readFileSync, readSync, rmSync, writeSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import { createBatchReader } from '../../ledger/entries/create-batch-reader.ts';
import { OF_DAY, secretInLake, spanOf } from '../tables/select-rows.ts';
import type { Marks } from './pack-rows.ts';

/** So many bytes wait in memory until they are written. */
const WAITING_BYTES = 1_048_576;
/** A file of at most so many bytes is read at once. */
const AT_ONCE_BYTES = 33_554_432;
/** Arrays begin with room for so many states, and double. */
const ROOM = 16_384;

/** The states of a day, by the number of their leaf: each packed with its own secret and the digest of its batch. */
export interface StateTexts {
  of(seq: number): Buffer;
  close(): void;
}

interface LineOfBatch {
  seq: number;
  batchId: number;
  line: number;
}

/**
 * Unpacks the states of a day into a file, in the order in which they are stored, so that each batch is unpacked once:
 * files have another order. Throws an error if a state can't be read.
 */
export function readStateTexts(sqlite: Database, day: string, path: string, marks: Marks): StateTexts {
  const file = createTextFile(path);
  try {
    const readBatch = createBatchReader(sqlite);
    const lines = sqlite
      .prepare<[object], LineOfBatch>(
        `SELECT r.seq, r.page_id AS batchId, r.line FROM main.invocations i JOIN main.revisions r ON r.invocation_id = i.id
          WHERE ${OF_DAY} ORDER BY r.seq`,
      )
      .iterate(spanOf(day));
    for (const { seq, batchId, line } of lines) {
      const batch = readBatch(batchId);
      const state = batch.states[line];
      if (!state) throw new Error(`state batch ${batchId} has no line ${line}`);
      const salt = secretInLake(batch.salt, line, state) ?? marks.nothing;
      file.add(seq, `${state}${marks.value}${salt}${marks.value}${batch.digest.toString('hex')}`);
    }
    file.end();
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}

/** Texts in a file, found by ascending numbers. It takes 24 bytes of memory for each, however long they are. */
export function createTextFile(path: string) {
  const fd = openSync(path, 'w+');
  let [keys, ends] = [new Float64Array(ROOM), new Float64Array(ROOM)];
  let count = 0;
  let size = 0;
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let all: Buffer | undefined;
  const write = () => {
    const bytes = Buffer.concat(waiting);
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
    waiting = [];
    waitingBytes = 0;
  };
  return {
    add(key: number, text: string) {
      const bytes = Buffer.from(text);
      waiting.push(bytes);
      waitingBytes += bytes.length;
      size += bytes.length;
      if (count === keys.length) [keys, ends] = [doubled(keys), doubled(ends)];
      keys[count] = key;
      ends[count] = size;
      count += 1;
      if (waitingBytes > WAITING_BYTES) write();
    },
    end() {
      write();
      if (size <= AT_ONCE_BYTES) all = readFileSync(path);
    },
    of(key: number): Buffer {
      const n = placeOf(keys.subarray(0, count), key);
      if (keys[n] !== key) throw new Error(`the state with the leaf ${key - 1} is missing`);
      const [from, to] = [n === 0 ? 0 : (ends[n - 1] ?? 0), ends[n] ?? 0];
      if (all) return all.subarray(from, to);
      const bytes = Buffer.allocUnsafe(to - from);
      for (let read = 0; read < bytes.length; ) {
        const more = readSync(fd, bytes, read, bytes.length - read, from + read);
        if (more === 0) throw new Error(`the file ${path} is shorter than it was written`);
        read += more;
      }
      return bytes;
    },
    close() {
      closeSync(fd);
      rmSync(path, { force: true });
    },
  };
}

function doubled(values: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(2 * values.length);
  larger.set(values);
  return larger;
}

/** How many of ascending keys are below a key. */
function placeOf(keys: Float64Array, key: number): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keys[middle] ?? 0) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
