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
 * Replaces an archive with another file. Renames the old archive, with all files that SQLite left beside it, and
 * deletes no data. `copy` and `target` must be in one folder. Even if this process is killed, the old or the new
 * archive is at the path, with one exception: if the old -wal can't be written back, nothing may be at the path, and
 * both archives are complete under other names. Throws UserFault and changes nothing if another process has the archive
 * open.
 */
export async function putInPlace(copy: string, target: string, at: Date): Promise<SetAside[]> {
  const moved = whileNobodyHas(target, (isWhole) => {
    const aside = asideOf(target, at, ENDINGS);
    const there = ENDINGS.filter((ending) => existsSync(target + ending));
    // All data is in the file itself. Files that are still beside it are useless, and SQLite would use them for the new
    // archive.
    if (isWhole) for (const ending of SQLITE_ENDINGS) rmSync(target + ending, { force: true });
    const kept = isWhole ? there.filter((ending) => ending === '') : there;
    for (const ending of kept) giveSecondName(target + ending, aside + ending);
    // SQLite reads a -wal into any file that it is beside. So all old files are removed before the new file gets its
    // name. If the old archive is only one file, the new one replaces it in one step.
    if (!isWhole) for (const ending of ENDINGS) rmSync(target + ending, { force: true });
    renameSync(copy, target);
    return kept.map((ending) => ({ from: target + ending, to: aside + ending }));
  });
  await syncFolder(dirname(target));
  return moved;
}

/** Gives a file a second name. If the file system can't, renames the file: then for a moment nothing is at the path. */
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
 * Calls `work` while no other process has the archive open or can open it. `isWhole`: the whole archive is in one file,
 * without a -wal. That is impossible if the file is damaged or the disk is full. If the file is not an archive, no
 * process has it open as one.
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
    // SQLite leaves WAL mode only if no other connection uses the file. It then writes the -wal into the file.
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

/** The processes that have a lease on the archive. */
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
