import { randomUUID } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import SQLite, { type Database } from 'better-sqlite3';
import { BadCheckpoint } from '../../../ledger/notes/checkpoint.ts';
import { BadNote } from '../../../ledger/notes/signed-note.ts';
import { readSigningRecords } from '../../../ledger/signing-record/read-record.ts';
import { TileUnfit } from '../../../ledger/tiles/tiles.ts';
import { explainTooManyFiles } from '../../../lib/errors/explain-too-many-files.ts';
import { asSentence, findPathFault, pathFault } from '../../../lib/errors/path-fault.ts';
import { UserFault } from '../../../lib/errors/user-fault.ts';
import { removeFiles } from '../../../lib/files/remove-files.ts';
import { syncFile } from '../../../lib/files/sync-file.ts';
import type { ArchivePlace } from '../ensure-archive.ts';
import type { SetAside } from '../set-aside.ts';
import { SQLITE_ENDINGS, standingAt, targetOf } from '../standing.ts';
import { checkCopy } from './check-copy.ts';
import { copyBackup } from './copy-backup.ts';
import { type JudgedBackup, judgeLoss, type Loss } from './judge-loss.ts';
import { type KeyOfBackup, keyOfBackup } from './key-of-backup.ts';
import { putInPlace } from './put-in-place.ts';
import { type Reach, readReach, rootAt } from './read-reach.ts';

export interface RestoreQuestion {
  place: ArchivePlace;
  backup: string;
  /** Whether the file at the path may be renamed to make room for the backup. */
  isReplaceAllowed: boolean;
  at: Date;
  signal: AbortSignal;
  onProgress(progress: { bytes: number; of: number }): void;
  /** Called when everything is copied and before the copy is checked. */
  onChecking(): void;
}

export interface Restored {
  bytes: number;
  reach: Reach;
  loss: Loss;
  key: KeyOfBackup;
  setAside: SetAside[];
}

const ENDINGS = ['', ...SQLITE_ENDINGS];
const ANY_MODE = 0o666;

/**
 * Replaces an archive with a backup: copies the backup into the archive's folder, checks the copy, and then renames it
 * to the archive's name. Only reads the backup. If this fails before the renaming, the archive is unchanged and the
 * copy is removed. Throws UserFault. Throws the reason of `signal` if it aborts.
 */
export async function restoreArchive(question: RestoreQuestion): Promise<Restored> {
  const { place, backup, isReplaceAllowed, at, signal, onProgress, onChecking } = question;
  const target = targetOf(place.db);
  refuseBackup(backup, target);
  refuseStanding(place.db, isReplaceAllowed);
  const temporary = `${target}.${randomUUID()}.tmp`;
  try {
    mkdirSync(dirname(target), { recursive: true });
    const there = statSync(target, { throwIfNoEntry: false });
    await copyBackup(backup, temporary, { signal, mode: (there?.mode ?? ANY_MODE) & 0o777, onProgress });
    onChecking();
    const settled = settleCopy(temporary, backup, place);
    signal.throwIfAborted();
    const bytes = await syncFile(temporary);
    giveToOwner(temporary, target);
    signal.throwIfAborted();
    // A file may have appeared at the path since the first check.
    refuseStanding(place.db, isReplaceAllowed);
    return { bytes, ...settled, setAside: await putInPlace(temporary, target, at) };
  } catch (error) {
    throw explain({ db: place.db, backup }, error);
  } finally {
    removeFiles(ENDINGS.map((ending) => temporary + ending));
  }
}

function refuseBackup(backup: string, target: string): void {
  const standing = standingAt(backup);
  const fault = standing.kind === 'foreign' ? undefined : findPathFault(backup);
  if (fault !== undefined) throw new UserFault(`${asSentence(fault)} Nothing was changed.`, { exitCode: 2 });
  if (standing.kind !== 'archive' && standing.kind !== 'nothing')
    throw new UserFault(`${standing.what}: it is not a backup of an archive. Nothing was changed.`, { exitCode: 2 });
  if (existsSync(target) && realpathSync(backup) === realpathSync(target))
    throw new UserFault(`${backup} is the archive itself, not a backup of it. Nothing was changed.`, { exitCode: 2 });
}

/** Refuses to replace a file without permission. An empty file needs no permission, but is also renamed. */
function refuseStanding(db: string, isReplaceAllowed: boolean): void {
  const standing = standingAt(db);
  if (standing.kind === 'nothing' || standing.kind === 'empty') return;
  if (existsSync(db) && !statSync(db).isFile())
    throw new UserFault(`${db} is not a file. Move it away first. Nothing was changed.`, { exitCode: 2 });
  if (isReplaceAllowed) return;
  const what = standing.kind === 'archive' ? `There is an archive at ${db}` : standing.what;
  throw new UserFault(
    `${what}. Nothing was changed. With --replace it is renamed and the backup takes its place; nothing is deleted.`,
    { exitCode: 2 },
  );
}

/** Checks the copy, and makes it a single file that can be read even in a read-only folder. */
function settleCopy(copy: string, backup: string, place: ArchivePlace): Pick<Restored, 'reach' | 'loss' | 'key'> {
  const sqlite = openCopy(copy, backup);
  try {
    checkCopy(sqlite, backup);
    sqlite.pragma('journal_mode = DELETE');
    const reach = readReach(sqlite);
    const key = keyOfBackup(reach, place.ledgerKey);
    // If the signature is not valid, nobody knows which key has signed the backup's history.
    const origin = key.state === 'false' ? undefined : reach.checkpoint?.origin;
    return { reach, key, loss: lossOf(sqlite, { leaves: reach.leaves, origin }, place) };
  } catch (error) {
    throw isDamage(error) ? unreadable(backup, error) : error;
  } finally {
    sqlite.close();
  }
}

function openCopy(copy: string, backup: string): Database {
  const sqlite = new SQLite(copy, { fileMustExist: true });
  try {
    sqlite.pragma('synchronous = FULL');
    sqlite.pragma('schema_version');
    return sqlite;
  } catch (error) {
    sqlite.close();
    throw isDamage(error) ? unreadable(backup, error) : error;
  }
}

function lossOf(sqlite: Database, backup: Omit<JudgedBackup, 'rootAt'>, { db, ledgerKey, authDb }: ArchivePlace): Loss {
  const judged = { ...backup, rootAt: (size: number) => rootAt(sqlite, size) };
  try {
    return judgeLoss(judged, readSigningRecords({ keyPath: ledgerKey, authDb, db }));
  } catch (error) {
    if (error instanceof UserFault) return { kind: 'unknown', why: 'unreadable' };
    throw error;
  }
}

/** If root restores the archive, the archive's user must still be able to use it. */
function giveToOwner(copy: string, target: string): void {
  if (process.geteuid?.() !== 0) return;
  const { uid, gid } = statSync(target, { throwIfNoEntry: false }) ?? statSync(dirname(target));
  try {
    chownSync(copy, uid, gid);
  } catch {
    // Some file systems have no owners.
  }
}

function isDamage(error: unknown): boolean {
  if (error instanceof TileUnfit || error instanceof BadNote || error instanceof BadCheckpoint) return true;
  return error instanceof SQLite.SqliteError && /^SQLITE_(CORRUPT|NOTADB|IOERR_SHORT_READ|ERROR)/.test(error.code);
}

function unreadable(backup: string, cause: unknown): UserFault {
  return new UserFault(
    `${backup} is not a whole archive, and was not put in place (${String(cause)}). Nothing was changed. Take an older backup.`,
    { cause },
  );
}

function explain({ db, backup }: { db: string; backup: string }, error: unknown): unknown {
  const tooManyFiles = explainTooManyFiles(error);
  if (tooManyFiles !== undefined) return new UserFault(`${db} can't be written. ${tooManyFiles}`, { cause: error });
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'SQLITE_FULL')
    return new UserFault(`The disk is full: ${db} is unchanged, and the copy was removed. Free some space.`, {
      cause: error,
    });
  const isRefused = /^SQLITE_(CANTOPEN|READONLY)/.test(code);
  // The system's error names only a call, so we look for the file that is at fault ourselves.
  const fault = findPathFault(backup) ?? findPathFault(db, 'write') ?? pathFault(db, error, 'write');
  if (!isRefused && pathFault(db, error, 'write') === undefined) return error;
  return new UserFault(
    `Nothing was put in place${fault === undefined ? '' : `: ${fault}`}. Check that this user may read the backup, and write into the folder of ${db}.`,
    { exitCode: 2, cause: error },
  );
}
