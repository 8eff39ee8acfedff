import type { Database } from 'better-sqlite3';
import type { LeafRange } from '../../archive/checkpoints/read-ledger-entries.ts';
import { isHere } from '../../archive/whole/connection-with.ts';
import { type FoundPlaced, findOutputOn, type OutputPlace } from '../../archive/whole/find-any-output.ts';
import { type EntryView, readEntriesHere } from '../../archive/whole/read-all-entries.ts';
import { type AskedInvocation, readInvocationOn, type WholeInvocation } from '../../archive/whole/read-invocation.ts';
import type { ReaderPool } from './create-reader-pool.ts';
import type { ReadOptions } from './read-task.ts';

/** The server's own connection, and the processes that read sealed days. */
interface Deps {
  archive: Database;
  readers: Pick<ReaderPool, 'read'>;
}

/** Reads an invocation: here if the archive's file has it, or no sealed day can have it. */
export async function readInvocationWhole(
  { archive, readers }: Deps,
  asked: AskedInvocation,
  options: ReadOptions,
): Promise<WholeInvocation | undefined> {
  if (isHere(archive, asked.key)) return readInvocationOn(archive, asked);
  return readers.read('readInvocation', asked, options);
}

/** Finds an output of an invocation, likewise. */
export async function findOutputWhole(
  { archive, readers }: Deps,
  place: OutputPlace,
  options: ReadOptions,
): Promise<FoundPlaced> {
  if (isHere(archive, place.key)) return findOutputOn(archive, place);
  return readers.read('findOutput', place, options);
}

/** Reads entries of the ledger, likewise. */
export async function readEntriesWhole(
  { archive, readers }: Deps,
  range: LeafRange,
  options: ReadOptions,
): Promise<EntryView[]> {
  return readEntriesHere(archive, range) ?? readers.read('readLedgerEntries', range, options);
}
