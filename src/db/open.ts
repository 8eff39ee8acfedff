import { existsSync, mkdirSync, type Stats, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import SQLite from 'better-sqlite3';
import { ArchiveMoved } from '../lib/errors/archive-moved.ts';
import { explainTooManyFiles } from '../lib/errors/explain-too-many-files.ts';
import { findPathFault, type PathUse, pathFault } from '../lib/errors/path-fault.ts';
import { UserFault } from '../lib/errors/user-fault.ts';
import { type FileIdentity, identifyFile, isSameFile } from '../lib/files/identify-file.ts';
import { packageRoot, packageVersion } from '../lib/process/package-root.ts';
import { leaveWal } from './leave-wal.ts';
import { isMigrated, isNewFile, migrate, newestSchema, schemaOf } from './migrate.ts';
import { chooseReadMode } from './reading/choose-mode.ts';
import { connectToRead, type ReadMode } from './reading/connect-to-read.ts';
import { isUnchanged, readFileState } from './reading/file-state.ts';
import { noteOpenHere } from './reading/open-here.ts';

/** An open archive file. What reads or writes takes `sqlite`, the connection; this is for those that close it. */
export interface ArchiveDb {
  sqlite: SQLite.Database;
  /** One that was open for writing is left in rollback mode, unless others have it open. */
  close(): void;
}

/** An open archive that is only read. */
export interface ReadArchive extends ArchiveDb {
  /** How it is open, which all processes must heed that read it too. */
  mode: ReadMode;
  /**
   * To be called once all that read it have closed it, and before any of the answer is given. Throws UserFault where nothing kept others
   * from writing to the file meanwhile, and one did.
   */
  confirm(): void;
}

export const MIGRATIONS = join(packageRoot(), 'migrations');
// docs/decisions/0007-sqlite-settings.md has the measurements.
const PAGE_SIZE_BYTES = 8192;
const CHECKPOINT_PAGES = 5000;
const CACHE_KIB = 32_768;
const BUSY_TIMEOUT_MS = 30_000;
const BUSY_PAUSE_MS = 10;

/**
 * Opens the archive for reading and writing, and makes it (and its folder) where it is missing. It waits for those who read it for as long
 * as SQLite does: `readyToWrite` waits for longer. Throws UserFault where the path can't be used, is not an archive, or is another version's.
 */
export function openArchive(path: string): ArchiveDb {
  makeFolderOf(path);
  return prepare(connect(path, {}), { mayMake: true });
}

/**
 * The same for an archive that is there: it never makes one. `mustBe` is which files that archive has: where others are at the
 * path by now, nothing is read or written. Throws UserFault where there is none, and ArchiveMoved.
 */
export function openExistingArchive(path: string, mustBe?: FileIdentity): ArchiveDb {
  refuseMissing(path);
  const sqlite = connect(path, { fileMustExist: true });
  // SQLite has opened the file, and opens its -wal and -shm with the first read.
  if (mustBe && !isSameFile(identifyFile(path), mustBe)) {
    sqlite.close();
    throw new ArchiveMoved(`The archive ${path} was exchanged for another file while it was being opened.`);
  }
  return prepare(sqlite, { mayMake: false });
}

function prepare(sqlite: SQLite.Database, { mayMake }: { mayMake: boolean }): ArchiveDb {
  const forget = noteOpenHere(sqlite.name, 'usual');
  try {
    const isNew = isNewFile(sqlite);
    if (isNew && mayMake) {
      sqlite.pragma(`page_size = ${PAGE_SIZE_BYTES}`);
      // Pruned rows give their space back bit by bit. Only a new file is told so: telling it again would commit at each opening.
      sqlite.pragma('auto_vacuum = INCREMENTAL');
    } else refuseOther(sqlite);
    useWal(sqlite);
    sqlite.pragma('synchronous = FULL');
    sqlite.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    sqlite.pragma(`cache_size = -${CACHE_KIB}`);
    sqlite.pragma('foreign_keys = ON');
    if (isNew) migrate(sqlite, MIGRATIONS);
  } catch (error) {
    sqlite.close();
    forget();
    throw explain(sqlite.name, error);
  }
  const opened = identifyFile(sqlite.name);
  return {
    ...archiveOf(sqlite),
    close() {
      if (sqlite.open) leaveWal(sqlite, opened);
      sqlite.close();
      forget();
    },
  };
}

/** Only `readyToWrite` migrates an archive that is there, for the commands that may: any other would do so beneath an older server. */
function refuseOther(sqlite: SQLite.Database): void {
  refuseEmpty(sqlite);
  if (isMigrated(sqlite, MIGRATIONS)) return;
  throw new UserFault(
    `The archive ${sqlite.name} was made by an older version of ssm-archive: it has schema ${schemaOf(sqlite, MIGRATIONS)}, and version ${packageVersion()} needs schema ${newestSchema(MIGRATIONS)}. Nothing was changed. Stop the older server and run "ssm-archive migrate", or use it with the version that made it.`,
    { exitCode: 2 },
  );
}

/** What was emptied may have been an archive: no command that works with one makes another in its place. */
function refuseEmpty(sqlite: SQLite.Database): void {
  if (!isNewFile(sqlite)) return;
  throw new UserFault(
    `${sqlite.name} is empty: it has no table. Where it was an archive, put its newest backup in its place: ssm-archive restore BACKUP. For a new one, point --db or SSM_ARCHIVE_DB at a new file.`,
    { exitCode: 2 },
  );
}

/** Of the first who open a new file only one makes it a WAL file: SQLite does not wait here, as it does elsewhere. */
function useWal(sqlite: SQLite.Database): void {
  const end = Date.now() + BUSY_TIMEOUT_MS;
  for (;;) {
    try {
      sqlite.pragma('journal_mode = WAL');
      return;
    } catch (error) {
      const isBusy = error instanceof SQLite.SqliteError && error.code.startsWith('SQLITE_BUSY');
      if (!isBusy || Date.now() > end) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BUSY_PAUSE_MS);
    }
  }
}

/** An archive on a connection that is open already. */
function archiveOf(sqlite: SQLite.Database): ArchiveDb {
  return { sqlite, close: () => sqlite.close() };
}

/**
 * Opens an existing archive for reading alone: for commands that report. No byte is written, of it or beside it. Throws UserFault where there
 * is none, where it can't be read so, and where it is another version's.
 */
export function openArchiveReadOnly(path: string): ReadArchive {
  refuseMissing(path);
  try {
    const mode = chooseReadMode(path);
    const before = mode === 'immutable' ? readFileState(path) : undefined;
    const sqlite = connectToRead(path, mode, BUSY_TIMEOUT_MS);
    try {
      refuseOther(sqlite);
    } catch (error) {
      sqlite.close();
      throw error;
    }
    const forget = noteOpenHere(path, mode);
    return {
      ...archiveOf(sqlite),
      mode,
      close() {
        sqlite.close();
        forget();
      },
      confirm() {
        if (before === undefined || isUnchanged(before, readFileState(path))) return;
        throw new UserFault(
          `${path} was written to while it was read, so that no answer would hold. Nothing of it is given. Run it again.`,
        );
      },
    };
  } catch (error) {
    throw explainReading(path, error);
  }
}

/** Throws UserFault where there is nothing at an archive's path, or a folder. */
export function refuseMissing(path: string): void {
  let there: Stats | undefined;
  try {
    there = statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw explainReading(path, error);
  }
  if (there?.isDirectory())
    throw new UserFault(`${path} is a folder. Point --db or SSM_ARCHIVE_DB at an archive or at a new file.`, {
      exitCode: 2,
    });
  if (there) return;
  throw new UserFault(
    `There is no archive at ${path}. Make one with "ssm-archive ingest", or, where there was one, put a backup back with "ssm-archive restore"; or point --db or SSM_ARCHIVE_DB at one.`,
    { exitCode: 2 },
  );
}

function connect(path: string, options: SQLite.Options): SQLite.Database {
  try {
    return new SQLite(path, { timeout: BUSY_TIMEOUT_MS, ...options });
  } catch (error) {
    throw explain(path, error);
  }
}

function makeFolderOf(path: string): void {
  try {
    makeFolder(dirname(path));
  } catch (error) {
    throw explain(path, error);
  }
}

/** Folder by folder: mkdirSync's own recursion never ends where the system refuses with ENOENT, as under /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process may have made it in the meantime.
    if (!existsSync(folder)) throw error;
  }
}

const CANNOT_OPEN = ['SQLITE_CANTOPEN', 'SQLITE_READONLY', 'SQLITE_READONLY_DIRECTORY', 'SQLITE_PERM'];
const FROM_SYSTEM = ['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR', 'EEXIST', 'ENOSPC', 'ELOOP', 'ENAMETOOLONG'];

/** Behind SQLite's refusals, which name no reason, the reason is looked for. */
function whyOf(path: string, error: unknown, use: PathUse): string {
  const fault = pathFault(path, error, use) ?? findPathFault(path, use);
  return fault === undefined ? ` (${codeOf(error)})` : `: ${fault}`;
}

function explainReading(path: string, error: unknown): unknown {
  const code = codeOf(error);
  if (
    explainTooManyFiles(error) === undefined &&
    existsSync(`${path}-journal`) &&
    /^SQLITE_(READONLY|CANTOPEN)/.test(code)
  )
    return new UserFault(
      `${path} can't be read: a process was killed while it wrote, and ${path}-journal has what it would undo. Copy both together into a folder of your own and run "ssm-archive migrate" on the copy (SSM_ARCHIVE_DB names it), or let a user who may write run it here.`,
      { exitCode: 2, cause: error },
    );
  if (explainTooManyFiles(error) === undefined && (CANNOT_OPEN.includes(code) || FROM_SYSTEM.includes(code)))
    return new UserFault(
      `The archive ${path} can't be read${whyOf(path, error, 'read')}. Check that this user may read it, and its -wal and -shm where they stand beside it.`,
      { exitCode: 2, cause: error },
    );
  return explain(path, error);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function explain(path: string, error: unknown): unknown {
  const tooManyFiles = explainTooManyFiles(error);
  if (tooManyFiles !== undefined)
    return new UserFault(`The archive ${path} can't be opened. ${tooManyFiles}`, { cause: error });
  const code = codeOf(error);
  if (code === 'SQLITE_NOTADB') {
    return new UserFault(
      `${path} is not a SQLite database. Point --db or SSM_ARCHIVE_DB at an archive or at a new file.`,
      {
        exitCode: 2,
        cause: error,
      },
    );
  }
  if (code === 'SQLITE_CORRUPT') {
    return new UserFault(
      `The archive ${path} is damaged (${String(error)}). Keep the file, and restore the newest backup of it.`,
      { cause: error },
    );
  }
  if (CANNOT_OPEN.includes(code) || FROM_SYSTEM.includes(code)) {
    return new UserFault(
      `The archive ${path} can't be opened for writing${whyOf(path, error, 'write')}. Check that the path is a file in a folder that this user may write.`,
      { exitCode: 2, cause: error },
    );
  }
  return error;
}
