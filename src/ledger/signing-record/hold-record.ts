import { randomUUID } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import SQLite from 'better-sqlite3';
import { parseCheckpoint } from '../checkpoint.ts';
import { parseNote } from '../signed-note.ts';
import { SigningRefused } from '../signing-refused.ts';
import { readSigningRecords, type SigningRecord } from './read-record.ts';
import { type RecordOwner, recordPlaces } from './record-places.ts';

/** The record while nobody else can change it. */
export interface HeldRecord {
  known: readonly SigningRecord[];
  /** Has the disk keep the note of a checkpoint as the one signed last. It never goes back to a smaller tree of the same key. */
  write(note: string): void;
}

/** Longer than a writer of the archive may keep another waiting, which goes on while the record is held. */
const WAIT_MS = 60_000;

/**
 * Does something while no other process signs with this key, not even one that has another file open as the archive. Throws SigningRefused
 * where the record can be written nowhere, RecordUnreadable, and the system's errors.
 */
export function holdRecord<Result>(owner: RecordOwner, work: (record: HeldRecord) => Result): Result {
  const target = writablePlace(owner);
  // A database without content, for its lock alone: the system gives it up with the process, however that ends.
  const lock = new SQLite(`${target}.lock`, { timeout: WAIT_MS });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    const known = readSigningRecords(owner);
    return work({
      known,
      write(note) {
        const { origin, size } = parseCheckpoint(parseNote(note).text);
        if (!known.some((record) => record.origin === origin && record.size >= size)) replace(target, note);
      },
    });
  } finally {
    lock.close();
  }
}

/** Where this process can write the record. Throws SigningRefused where that is nowhere. */
export function writablePlace(owner: RecordOwner): string {
  const places = recordPlaces(owner);
  const place = places.find((path) => isWritable(dirname(path)));
  if (place !== undefined) return place;
  throw new SigningRefused(
    `What the ledger's key signs can't be recorded in ${places.map((path) => dirname(path)).join(' nor in ')}, so nothing is signed: let this user write into one of these folders.`,
  );
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** As lib/replace-file.ts does, at once: nothing may go on between a signature and its record. */
function replace(path: string, content: string): void {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    // A file that is there keeps its mode: somebody may have widened it.
    const mode = existsSync(path) ? statSync(path).mode & 0o777 : undefined;
    writeFileSync(temporary, content, { flag: 'wx', flush: true, ...(mode !== undefined && { mode }) });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncFolderNow(dirname(path));
}

/** Has the disk keep what was renamed in a folder, as lib/sync-folder.ts does. */
export function syncFolderNow(folder: string): void {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(folder, 'r');
    fsyncSync(descriptor);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code !== 'EISDIR' && code !== 'EPERM' && code !== 'EACCES' && code !== 'EINVAL') throw error;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
