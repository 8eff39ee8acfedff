import { readFileSync } from 'node:fs';
import { pathFault } from '../../lib/errors/path-fault.ts';
import { parseCheckpoint } from '../notes/checkpoint.ts';
import { parseNote } from '../notes/signed-note.ts';
import { SigningRefused } from '../notes/signing-refused.ts';
import { type RecordOwner, recordPlaces } from './record-places.ts';

/**
 * The checkpoint that a key signed last. It is stored beside the key and not in the archive, because the archive may be
 * replaced by an older copy.
 */
export interface SigningRecord {
  path: string;
  /** The key's name. */
  origin: string;
  size: number;
  root: Buffer;
  /** The checkpoint as it was signed. */
  note: string;
}

/** A record exists, but it can't be read. */
export class RecordUnreadable extends SigningRefused {
  override name = 'RecordUnreadable';
}

/**
 * Returns the record of the largest tree, or undefined if there is none. Throws RecordUnreadable for a record that
 * can't be read.
 */
export function readSigningRecord(owner: RecordOwner): SigningRecord | undefined {
  return readSigningRecords(owner).reduce<SigningRecord | undefined>(
    (largest, record) => (largest && largest.size >= record.size ? largest : record),
    undefined,
  );
}

/**
 * Returns all existing records. There are two if one of the folders could not be written for a time. Throws
 * RecordUnreadable.
 */
export function readSigningRecords(owner: RecordOwner): SigningRecord[] {
  return recordPlaces(owner).flatMap((path) => readRecordAt(path) ?? []);
}

/** Returns the record in one file; undefined if there is none. Throws RecordUnreadable. */
export function readRecordAt(path: string): SigningRecord | undefined {
  let note: string;
  try {
    note = readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw unreadable(path, error);
  }
  try {
    const { origin, size, root } = parseCheckpoint(parseNote(note).text);
    return { path, origin, size, root: Buffer.from(root), note };
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): RecordUnreadable {
  const what = pathFault(path, error) ?? (error instanceof Error ? error.message : String(error));
  return new RecordUnreadable(
    `The record of what the ledger's key signed last, ${path}, can't be read: ${what}. Nothing is signed until it can be read. Put the record back as it was. If there is no copy of it, move it away; then the newest checkpoint in the archive counts instead.`,
    { cause: error },
  );
}
