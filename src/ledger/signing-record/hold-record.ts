import { randomUUID } from 'node:crypto';
import { accessSync, closeSync, constants, existsSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import SQLite from 'better-sqlite3';
import { isDiskFull } from '../../lib/errors/is-disk-full.ts';
import { syncFolderNow } from '../../lib/files/sync-folder.ts';
import { parseCheckpoint } from '../notes/checkpoint.ts';
import { parseNote } from '../notes/signed-note.ts';
import { SigningRefused } from '../notes/signing-refused.ts';
import { readSigningRecords, type SigningRecord } from './read-record.ts';
import { type RecordOwner, recordPlaces } from './record-places.ts';
import { giveToOwner, writeAs } from './write-as.ts';

/** The record, locked against changes by others. */
export interface HeldRecord {
  known: readonly SigningRecord[];
  /**
   * Stores the note of a checkpoint on the disk as the last one that was signed. It never replaces a larger tree of the
   * same key with a smaller one.
   */
  write(note: string): void;
}

/**
 * How long to wait for the lock. A process that has locked the record may itself wait for the archive's writer, but
 * never this long.
 */
const WAIT_MS = 60_000;

/**
 * Does `work` while no other process can sign with this key, not even a process with another archive file. Throws
 * SigningRefused if the record can't be written anywhere, RecordUnreadable, and the system's errors.
 */
export function holdRecord<Result>(owner: RecordOwner, work: (record: HeldRecord) => Result): Result {
  const target = placeToWrite(owner);
  // An empty database that is used only for its lock. The operating system releases the lock however the process ends.
  const lock = new SQLite(lockOf(target), { timeout: WAIT_MS });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    const known = readSigningRecords(owner);
    return work({
      known,
      write(note) {
        const { origin, size } = parseCheckpoint(parseNote(note).text);
        if (!known.some((record) => record.origin === origin && record.size >= size)) replace(target, note, owner);
      },
    });
  } finally {
    lock.close();
  }
}

/**
 * Returns a sentence if this user has no permission to write the record anywhere; undefined if one of its places is
 * writable. Creates nothing.
 */
export function faultOfPlaces(owner: RecordOwner): string | undefined {
  const places = recordPlaces(owner);
  return places.some((path) => isWritable(dirname(path))) ? undefined : nowhere(places);
}

function placeToWrite(owner: RecordOwner): string {
  const places = recordPlaces(owner);
  const place = places.find((path) => isWritable(dirname(path)) && hasLock(lockOf(path), owner));
  if (place !== undefined) return place;
  throw new SigningRefused(nowhere(places));
}

function nowhere(places: readonly string[]): string {
  return `What the ledger's key signs can't be recorded in ${places.map((path) => dirname(path)).join(' or in ')}, so nothing is signed. Collecting goes on. Let this user write into one of these folders.`;
}

function lockOf(path: string): string {
  return `${path}.lock`;
}

/** Whether this user can use the lock file. Makes the file if it is missing. Throws if the disk is full. */
function hasLock(path: string, { keyPath }: RecordOwner): boolean {
  try {
    if (existsSync(path)) accessSync(path, constants.R_OK | constants.W_OK);
    else {
      closeSync(openSync(path, 'a'));
      giveToOwner(path, keyPath);
    }
    return true;
  } catch (error) {
    if (isDiskFull(error)) throw error;
    return false;
  }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Like lib/files/replace-file.ts, but synchronous: nothing may happen between a signature and its record. */
function replace(path: string, content: string, { keyPath }: RecordOwner): void {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    writeAs(temporary, content, existsSync(path) ? path : keyPath, { keepsMode: existsSync(path) });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncFolderNow(dirname(path));
}
