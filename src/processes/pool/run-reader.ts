import { readFileSync, writeSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import { connectToRead, readModeOf } from '../../db/reading/connect-to-read.ts';
import { PIPE_FD } from '../../lib/child/protocol.ts';
import { sendError } from '../../lib/child/send-error.ts';
import { serveParent } from '../../lib/child/serve-parent.ts';
import { namedErrors } from '../named-errors.ts';
import type { ReaderProtocol } from './reader-protocol.ts';

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
 * The main function of a reading process: opens the archive that its first argument names, as its second one says, for
 * reading alone, and answers one request after another. A query can't be interrupted from within: the parent ends the
 * process where one takes too long.
 */
export function runReader({ reads, streams, warmUp, isWorn = () => false }: Registry): void {
  const sqlite = connectToRead(process.argv[2] ?? '', readModeOf(process.argv[3]), BUSY_TIMEOUT_MS);
  // Temporary tables hold past states: in memory, so that nothing is written anywhere.
  sqlite.pragma('temp_store = MEMORY');
  sqlite.pragma('trusted_schema = OFF');
  readSchema(sqlite);
  serveParent<ReaderProtocol>(
    {
      read: ({ name, input }) => find(reads, name)(sqlite, known(input)) ?? null,
      stream({ name, input }, say) {
        let bytes = 0;
        const push = (chunk: Uint8Array) => {
          for (let at = 0; at < chunk.length; ) {
            const written = writeSync(PIPE_FD, chunk, at);
            bytes += written;
            at += written;
          }
        };
        const note: Note = (said) => say('note', said);
        try {
          const stream = find(streams, name)(sqlite, known(input), { note, push });
          const rows = typeof stream === 'number' ? stream : pushAll(stream, push);
          return { bytes, rows, isWorn: isWorn() };
        } catch (error) {
          return { bytes, rows: null, isWorn: isWorn(), error: sendError(error, namedErrors) };
        }
      },
    },
    // The thread that watches takes half a gigabyte of V8's reservations: before it is up, what is at rest can't be told.
    { errors: namedErrors, tells: {}, ready: () => ({ dataBytes: dataBytes() }) },
  );
  warmUp?.(sqlite);
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
