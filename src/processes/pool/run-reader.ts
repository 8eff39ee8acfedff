import { once } from 'node:events';
import { readFileSync, writeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { Database } from 'better-sqlite3';
import { connectToRead, readModeOf } from '../../db/reading/connect-to-read.ts';
import { outliveStopSignals } from '../../lib/stop-signals.ts';
import { type FromReader, type ReadRequest, STREAM_FD } from './messages.ts';

type Note = (note: unknown) => void;
type Read = (sqlite: Database, input: never) => unknown;
type Stream = (sqlite: Database, input: never, tools: StreamTools) => Generator<Uint8Array, number> | number;

/** What a stream may use beside yielding its chunks. */
export interface StreamTools {
  note: Note;
  /** Writes a chunk, at the pace of whoever reads it. */
  push(chunk: Uint8Array): void;
}

export interface Registry {
  reads: Record<string, Read>;
  streams: Record<string, Stream>;
  /** What the first request would else wait for. */
  warmUp?: (sqlite: Database) => void;
  /** Whether the process has done enough, so that a fresh one should take its place. */
  isWorn?: () => boolean;
}

const CACHE_KIB = 65_536;
const BUSY_TIMEOUT_MS = 5000;
const KIB = 1024;

/**
 * The main function of a reading process: opens the archive that its first argument names, for reading alone, and answers
 * one request after another of the process whose number is its second; how it is to be opened is the third. A query can't be interrupted from within; whoever
 * asked ends the process where it takes too long.
 */
export function runReader({ reads, streams, warmUp, isWorn = () => false }: Registry): void {
  const path = process.argv[2] ?? '';
  const sqlite = connectToRead(path, readModeOf(process.argv[4]), BUSY_TIMEOUT_MS);
  // Temporary tables hold past states: in memory, so that nothing is written anywhere.
  sqlite.pragma('temp_store = MEMORY');
  sqlite.pragma('trusted_schema = OFF');
  readSchema(sqlite);
  const isWatched = endWithParent(Number(process.argv[3]));
  // The server answers what it can first, and ends its readers then.
  outliveStopSignals();
  process.on('message', (request: ReadRequest) => {
    let bytes = 0;
    const push = (chunk: Uint8Array) => {
      for (let at = 0; at < chunk.length; ) {
        const written = writeSync(STREAM_FD, chunk, at);
        bytes += written;
        at += written;
      }
    };
    try {
      if (request.kind === 'read') {
        send({ kind: 'value', value: find(reads, request.name)(sqlite, known(request.input)) ?? null });
        return;
      }
      const note: Note = (text) => send({ kind: 'note', note: text });
      const stream = find(streams, request.name)(sqlite, known(request.input), { note, push });
      const rows = typeof stream === 'number' ? stream : pushAll(stream, push);
      send({ kind: 'ended', bytes, rows, isWorn: isWorn() });
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      const { name, message, stack } = failure;
      const data = 'data' in failure ? failure.data : undefined;
      send({ kind: 'error', name, message, stack, data, bytes, isWorn: isWorn() });
    }
  });
  warmUp?.(sqlite);
  // The thread that watches takes half a gigabyte of V8's reservations: before it is up, what is at rest can't be told.
  void isWatched.then(() => send({ kind: 'ready', dataBytes: dataBytes() }));
}

/**
 * Sets the cache, for which SQLite reads the schema, and opens -wal and -shm with it. If it opened them only once they were moved
 * away, it would make others in their place. That the file can't be read is told by the reads that are asked for.
 */
function readSchema(sqlite: Database): void {
  try {
    // No mmap_size: it gains nothing where the file is in memory, and where it is not, scattered rows take ten times as long.
    sqlite.pragma(`cache_size = -${CACHE_KIB}`);
  } catch {}
}

/** What this process takes of what `ulimit -d` counts, in bytes; undefined where the system does not tell. */
function dataBytes(): number | undefined {
  try {
    const kib = /^VmData:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1];
    return kib === undefined ? undefined : Number(kib) * KIB;
  } catch {
    return undefined;
  }
}

function find<Verb>(registry: Record<string, Verb>, name: string): Verb {
  const verb = Object.hasOwn(registry, name) ? registry[name] : undefined;
  if (!verb) throw new Error(`There is no read named ${name}.`);
  return verb;
}

/** The pool's own types have seen to it that the input fits the verb. */
function known(input: unknown): never {
  return input as never;
}

/** Writes block where the reader of the pipe is slow: so a stream waits, and holds no more than a chunk. */
function pushAll(chunks: Generator<Uint8Array, number>, push: (chunk: Uint8Array) => void): number {
  for (;;) {
    const { value, done } = chunks.next();
    if (done) return value;
    push(value);
  }
}

/** A parent that is gone can't be told anything: the channel's end ends this process. */
function send(message: FromReader): void {
  process.send?.(message, undefined, undefined, () => {});
}

/**
 * A process in a query hears nothing, not even that its parent is gone: a thread beside it looks every second. The parent
 * has said its own number: by the time that this process could look, it may be gone. Resolves once the thread is up.
 */
export async function endWithParent(parent: number): Promise<void> {
  process.on('disconnect', () => process.exit());
  if (!process.connected) process.exit();
  const watch = `const { workerData: parent } = require('node:worker_threads');
    setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL'); }, 1000);`;
  const limits = { maxOldGenerationSizeMb: 8 };
  const worker = new Worker(watch, { eval: true, execArgv: [], resourceLimits: limits, workerData: parent });
  await once(worker, 'online');
  worker.unref();
}
