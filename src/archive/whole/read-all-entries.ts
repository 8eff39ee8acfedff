import type { Database } from 'better-sqlite3';
import {
  entriesOfRows,
  type LeafRange,
  type LedgerEntry,
  LedgerEntryMissing,
  readLedgerEntries,
} from '../checkpoints/read-ledger-entries.ts';
import type { SealedDays } from '../sealed/sealed-days.ts';
import { hasSealedDays, inSnapshot } from './in-snapshot.ts';

/** An entry of the ledger with its bytes in hex. */
export interface EntryView extends Omit<LedgerEntry, 'hash' | 'openings'> {
  hash: string;
  openings: { salt: string; value: string }[];
}

/**
 * The entries of leaves, as readLedgerEntries returns them, if they are in the archive's file; undefined if the rows of
 * some may be in the lake.
 */
export function readEntriesHere(sqlite: Database, range: LeafRange): EntryView[] | undefined {
  try {
    return readLedgerEntries(sqlite, range).map(viewOf);
  } catch (error) {
    if (error instanceof LedgerEntryMissing && hasSealedDays(sqlite)) return undefined;
    throw error;
  }
}

/** The entries of leaves, of the archive and of sealed days, as readLedgerEntries returns them. */
export async function readAllEntries(sqlite: Database, range: LeafRange, sealed: SealedDays): Promise<EntryView[]> {
  return inSnapshot(sqlite, async () => {
    const { from, to } = range;
    const cold = await sealed.bringLeaves(sqlite, from, to);
    return readLedgerEntries(sqlite, range, cold && entriesOfRows(cold, from, to)).map(viewOf);
  });
}

function viewOf({ hash, openings, ...entry }: LedgerEntry): EntryView {
  return {
    ...entry,
    hash: hash.toString('hex'),
    openings: openings.map(({ salt, value }) => ({ salt: salt.toString('hex'), value })),
  };
}
