import { readFileSync, writeSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import type { SealedDays } from '../../archive/sealed/sealed-days.ts';
import { connectToRead, readModeOf } from '../../db/reading/connect-to-read.ts';
import { PIPE_FD } from '../../lib/child/protocol.ts';
import { sendError } from '../../lib/child/send-error.ts';
import { serveParent } from '../../lib/child/serve-parent.ts';
import { namedErrors } from '../named-errors.ts';
import type { ReaderProtocol } from './reader-protocol.ts';

type Note = (note: unknown) => void;
type Read = (sqlite: Database, input: never, sealed: SealedDays) => unknown;
type Stream = (
  sqlite: Database,
  input: never,
  tools: StreamTools,
  sealed: SealedDays,
) => Generator<Uint8Array, number> | number | Promise<number>;

/** Functions that a stream may call. */
export interface StreamTools {
  note: Note;
  /** Writes a chunk, as fast as the other side reads. */
  push(chunk: Uint8Array): void;
}

export interface Registry {
  reads: Record<string, Read>;
  streams: Record<string, Stream>;
  /** Returns the sealed days of the archive; `place` is what the server said of its lake. */
  openSealed?: (place: string | undefined, connect: () => Database) => SealedDays;
  /** Prepares at the start what would delay the first request. */
  warmUp?: (sqlite: Database) => void;
  /** Whether the process has worked enough and should be replaced. */
  isWorn?: () => boolean;
}

const CACHE_KIB = 65_536;
const BUSY_TIMEOUT_MS = 5000;
const KIB = 1024;

/**
 * The main function of a reading process. Its first argument is the archive's path, its second argument the way in
 * which to open the archive. It only reads, and answers one request after another. A query can't be interrupted from
 * within its process: if it takes too long, the parent ends the process.
 */
export function runReader({ reads, streams, openSealed = noSealed, warmUp, isWorn = () => false }: Registry): void {
  const connect = () => connectToRead(process.argv[2] ?? '', readModeOf(process.argv[3]), BUSY_TIMEOUT_MS);
  const sqlite = connect();
  const sealed = openSealed(lakeGiven(), connect);
  // Past states are in temporary tables. These stay in memory, so that nothing is written to disk.
  sqlite.pragma('temp_store = MEMORY');
  sqlite.pragma('trusted_schema = OFF');
  readSchema(sqlite);
  serveParent<ReaderProtocol>(
    {
      read: async ({ name, input }) => (await find(reads, name)(sqlite, known(input), sealed)) ?? null,
      async stream({ name, input }, say) {
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
          const stream = await find(streams, name)(sqlite, known(input), { note, push }, sealed);
          const rows = typeof stream === 'number' ? stream : pushAll(stream, push);
          return { bytes, rows, isWorn: isWorn() };
        } catch (error) {
          return { bytes, rows: null, isWorn: isWorn(), error: sendError(error, namedErrors) };
        }
      },
    },
    // The thread that watches the parent takes half a gigabyte of V8's reservations, so the memory of the idle process
    // can be measured only after that thread has started.
    { errors: namedErrors, tells: {}, ready: () => ({ dataBytes: dataBytes() }) },
  );
  warmUp?.(sqlite);
}

/** The place of the lake, if the parent gives one: the last argument is always the parent's number. */
function lakeGiven(): string | undefined {
  const [place, ...more] = process.argv.slice(4);
  return more.length > 0 ? place || undefined : undefined;
}

/** The processes for SQL know nothing of sealed days: their answers say from which day the archive's file has all. */
function noSealed(): SealedDays {
  const refuse = () => {
    throw new Error('This process does not read sealed days.');
  };
  return { walk: refuse, bring: refuse, bringLeaves: refuse };
}

/**
 * Sets the size of the cache, which makes SQLite read the schema and open -wal and -shm. This comes early: if these
 * files were moved away first, SQLite would make new ones in their place. If the file can't be read, the later reads
 * report that.
 */
function readSchema(sqlite: Database): void {
  try {
    // mmap_size is not set: it gains nothing if the file is in memory, and otherwise reading scattered rows takes ten
    // times as long.
    sqlite.pragma(`cache_size = -${CACHE_KIB}`);
  } catch {}
}

/**
 * Returns how much memory of the kind that `ulimit -d` limits this process takes, in bytes; undefined if the system
 * does not report it.
 */
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

/** The pool's types ensure that the input fits the read. */
function known(input: unknown): never {
  return input as never;
}

/** A write waits while the other side of the pipe is slow, so a stream holds only one chunk at a time. */
function pushAll(chunks: Generator<Uint8Array, number>, push: (chunk: Uint8Array) => void): number {
  for (;;) {
    const { value, done } = chunks.next();
    if (done) return value;
    push(value);
  }
}
