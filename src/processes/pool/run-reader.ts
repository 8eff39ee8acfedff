import type { Database } from 'better-sqlite3';
import type { SealedDays } from '../../archive/sealed/sealed-days.ts';
import { connectToRead, readModeOf } from '../../db/reading/connect-to-read.ts';
import { findVerb, knownInput, type Streamed, type StreamTools, serveReads } from './serve-reads.ts';

type Read = (sqlite: Database, input: never, sealed: SealedDays) => unknown;
type Stream = (sqlite: Database, input: never, tools: StreamTools, sealed: SealedDays) => Streamed;

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

/**
 * The main function of a reading process. Its first argument is the archive's path, its second argument the way in
 * which to open the archive. It only reads, and answers one request after another. A query can't be interrupted from
 * within its process: if it takes too long, the parent ends the process.
 */
export function runReader({ reads, streams, openSealed = noSealed, warmUp, isWorn = () => false }: Registry): void {
  const sqlite = connectHere();
  const sealed = openSealed(lakeGiven(), connectHere);
  // Past states are in temporary tables. These stay in memory, so that nothing is written to disk.
  sqlite.pragma('temp_store = MEMORY');
  sqlite.pragma('trusted_schema = OFF');
  readSchema(sqlite);
  serveReads({
    read: ({ name, input }) => findVerb(reads, name)(sqlite, knownInput(input), sealed),
    stream: ({ name, input }, tools) => findVerb(streams, name)(sqlite, knownInput(input), tools, sealed),
    isWorn,
  });
  warmUp?.(sqlite);
}

/** Opens a connection to the archive that the parent names. It only reads. */
export function connectHere(): Database {
  return connectToRead(process.argv[2] ?? '', readModeOf(process.argv[3]), BUSY_TIMEOUT_MS);
}

/** The place of the lake, if the parent gives one: the last argument is always the parent's number. */
export function lakeGiven(): string | undefined {
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
