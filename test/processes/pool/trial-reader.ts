import { existsSync, writeFileSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import { runReader } from '../../../src/processes/pool/run-reader.ts';
import type { StreamTools } from '../../../src/processes/pool/serve-reads.ts';

const CHUNK_BYTES = 100_000;

/** Blocks the process, as a query does, until the file exists. */
function waitFor(file: string): void {
  while (!existsSync(file)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
}

let isWorn = false;

const reads = {
  echo: (_: Database, input: { value: unknown }) => input.value,
  pid: (_: Database, _input: object) => process.pid,
  nothing: (_: Database, _input: object): string | undefined => undefined,
  environment: (_: Database, _input: object) => Object.keys(process.env),
  /** Writes the file `begun`, and answers once the file `until` exists. */
  held: (_: Database, { begun, until }: { begun: string; until: string }) => {
    writeFileSync(begun, String(process.pid));
    waitFor(until);
    return process.pid;
  },
  endless: (sqlite: Database, { begun }: { begun: string }) => {
    writeFileSync(begun, String(process.pid));
    return sqlite
      .prepare('WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c')
      .get();
  },
  throws: (_: Database, _input: object): string => {
    throw new RangeError('too far');
  },
  exits: (_: Database, _input: object): string => process.exit(3),
  writes: (sqlite: Database, { sql }: { sql: string }) => sqlite.exec(sql).name,
  text: (_: Database, { length }: { length: number }) => 'é'.repeat(length),
};

const streams = {
  /**
   * Yields `count` chunks of one character. If `written` is given, writes into this file how many chunks were taken.
   */
  *chunks(
    _: Database,
    { text, count, written }: { text: string; count: number; written?: string },
  ): Generator<Uint8Array, number> {
    for (let n = 0; n < count; n++) {
      yield Buffer.from(text.repeat(CHUNK_BYTES));
      if (written !== undefined) writeFileSync(written, String(n + 1));
    }
    return count;
  },
  /** Writes the file `begun` if it is given, yields a chunk, and ends once the file `until` exists. */
  *held(
    _: Database,
    { text, until, begun }: { text: string; until: string; begun?: string },
  ): Generator<Uint8Array, number> {
    if (begun !== undefined) writeFileSync(begun, String(process.pid));
    yield Buffer.from(text);
    waitFor(until);
    return 1;
  },
  /** Leaves the note `said`. Once the file `until` exists, yields a chunk and ends. */
  *notes(
    _: Database,
    { said, until }: { said: unknown; until: string },
    { note }: Pick<StreamTools, 'note'>,
  ): Generator<Uint8Array, number> {
    note(said);
    waitFor(until);
    yield Buffer.from('noted');
    return 1;
  },
  /** After this answer, the pool replaces the process. */
  *wears(_: Database, { text }: { text: string }): Generator<Uint8Array, number> {
    isWorn = true;
    yield Buffer.from(text);
    return 1;
  },
  *throwsAfter(_: Database, { count }: { count: number }): Generator<Uint8Array, number> {
    for (let n = 0; n < count; n++) yield Buffer.alloc(CHUNK_BYTES);
    throw new RangeError('too far');
  },
  *exitsAfter(_: Database, { count }: { count: number }): Generator<Uint8Array, number> {
    for (let n = 0; n < count; n++) yield Buffer.alloc(CHUNK_BYTES);
    return process.exit(3);
  },
};

export type TrialReads = typeof reads;
export type TrialStreams = typeof streams;

runReader({ reads, streams, isWorn: () => isWorn });
