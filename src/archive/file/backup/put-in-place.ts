import { existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import SQLite, { type Database } from 'better-sqlite3';
import { UserFault } from '../../../lib/errors/user-fault.ts';
import { syncFolder } from '../../../lib/files/sync-folder.ts';
import { asideOf, type SetAside } from '../set-aside.ts';
import { SQLITE_ENDINGS, standingAt } from '../standing.ts';

const WAIT_MS = 2000;
const ENDINGS = ['', ...SQLITE_ENDINGS] as const;

/**
 * Puts a whole file in the place of an archive, which gets another name with all that SQLite has left of it; nothing is deleted. `copy` and
 * `target` are in one folder. Whatever ends this process, the archive of before or the new one is at the path; where what is in the -wal
 * can't be brought into the one of before, it may also be nothing, with both files whole under other names. Throws UserFault, and has changed
 * nothing, where another process has the archive open.
 */
export async function putInPlace(copy: string, target: string, at: Date): Promise<SetAside[]> {
  const moved = whileNobodyHas(target, (isWhole) => {
    const aside = asideOf(target, at, ENDINGS);
    const there = ENDINGS.filter((ending) => existsSync(target + ending));
    // All of it is in the file itself: what may still lie beside it is of no use to anybody, and would be taken for the new one's.
    if (isWhole) for (const ending of SQLITE_ENDINGS) rmSync(target + ending, { force: true });
    const kept = isWhole ? there.filter((ending) => ending === '') : there;
    for (const ending of kept) giveSecondName(target + ending, aside + ending);
    // A -wal beside another file would be read into that: so all of them are gone before the new one comes, which takes the place of the
    // old one in one step where that is all there is.
    if (!isWhole) for (const ending of ENDINGS) rmSync(target + ending, { force: true });
    renameSync(copy, target);
    return kept.map((ending) => ({ from: target + ending, to: aside + ending }));
  });
  await syncFolder(dirname(target));
  return moved;
}

/** Renames where a file can't have two names: then there is a moment at which nothing is at the path. */
function giveSecondName(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL', 'EMLINK'].includes(code)) throw error;
    renameSync(from, to);
  }
}

/**
 * Does something while no other process has the archive open, and none can open it. It hears whether all of the archive is in its one file. Of a
 * damaged one, or where the disk is full, that can't be brought about; and what is no archive nobody has open as one.
 */
function whileNobodyHas<Result>(path: string, work: (isWhole: boolean) => Result): Result {
  if (standingAt(path).kind !== 'archive') return work(false);
  const sqlite = hold(path);
  try {
    return work(sqlite !== undefined);
  } finally {
    sqlite?.close();
  }
}

function hold(path: string): Database | undefined {
  let sqlite: Database | undefined;
  try {
    sqlite = new SQLite(path, { fileMustExist: true, timeout: WAIT_MS });
    // SQLite leaves WAL only once no other connection is in it; what is in the -wal is in the file then.
    sqlite.pragma('journal_mode = DELETE');
    sqlite.exec('BEGIN EXCLUSIVE');
    if (sqlite.pragma('journal_mode', { simple: true }) === 'delete') return sqlite;
    throw inUse(path, undefined);
  } catch (error) {
    sqlite?.close();
    if (error instanceof SQLite.SqliteError && /^SQLITE_(BUSY|LOCKED)/.test(error.code)) throw inUse(path, error);
    if (error instanceof UserFault) throw error;
    return undefined;
  }
}

function inUse(path: string, cause: unknown): UserFault {
  const holders = holdersOf(path);
  const who = holders.length > 0 ? holders.join(' and ') : 'another process';
  return new UserFault(
    `The archive ${path} is in use: ${who} has it open. Nothing was changed. Stop what uses it, a server or a pass, and run this again.`,
    { exitCode: 2, cause },
  );
}

/** Who has said in the archive that it uses it. */
function holdersOf(path: string): string[] {
  let sqlite: Database | undefined;
  try {
    sqlite = new SQLite(path, { readonly: true, fileMustExist: true });
    return sqlite
      .prepare<[], string>(`SELECT DISTINCT 'process ' || pid || ' on ' || host FROM leases ORDER BY 1`)
      .pluck()
      .all();
  } catch {
    return [];
  } finally {
    sqlite?.close();
  }
}
