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

/**
 * An open archive file. Functions that read or write take `sqlite`, the connection. This object is for code that closes
 * the file.
 */
export interface ArchiveDb {
  sqlite: SQLite.Database;
  /** Closes the file. If it was open for writing, it is left in rollback mode, unless others have it open. */
  close(): void;
}

/** An archive that is open only for reading. */
export interface ReadArchive extends ArchiveDb {
  /** The mode in which the archive is open. Every other process that reads it must use the same mode. */
  mode: ReadMode;
  /**
   * Call this when all readers have closed the file, and before the answer is shown. Throws UserFault if the file was
   * read without a lock and somebody wrote to it in that time.
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
 * Opens the archive for reading and writing, and makes it and its folder if they are missing. It waits for readers as
 * long as SQLite does; `readyToWrite` waits longer. Throws UserFault if the path can't be used, is not an archive, or
 * has the tables of another version.
 */
export function openArchive(path: string): ArchiveDb {
  makeFolderOf(path);
  return prepare(connect(path, {}), { mayMake: true });
}

/**
 * Opens an existing archive for reading and writing, and never makes one. `mustBe` says which files the archive has. If
 * other files are at the path now, nothing is read or written. Throws UserFault if there is no archive, and
 * ArchiveMoved.
 */
export function openExistingArchive(path: string, mustBe?: FileIdentity): ArchiveDb {
  refuseMissing(path);
  const sqlite = connect(path, { fileMustExist: true });
  // SQLite has opened only the main file so far. It opens the -wal and -shm with the first read.
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
      // Pruned rows give their space back bit by bit. Only a new file gets this setting: to set it again would commit
      // at each opening.
      sqlite.pragma('auto_vacuum = INCREMENTAL');
    } else refuseOther(sqlite);
    useWal(sqlite);
    sqlite.pragma('synchronous = FULL');
    sqlite.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    sqlite.pragma(`cache_size = -${CACHE_KIB}`);
    sqlite.pragma('foreign_keys = ON');
    // When pages are split, what they had is not left in parts of them that are not used: pruning could not find it there.
    sqlite.pragma('secure_delete = FAST');
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

/**
 * Only `readyToWrite` migrates an existing archive, for commands that may do so. Any other command might migrate it
 * while an older server is using it.
 */
function refuseOther(sqlite: SQLite.Database): void {
  refuseEmpty(sqlite);
  if (isMigrated(sqlite, MIGRATIONS)) return;
  throw new UserFault(
    `The archive ${sqlite.name} was made by an older version of ssm-archive: it has schema ${schemaOf(sqlite, MIGRATIONS)}, and version ${packageVersion()} needs schema ${newestSchema(MIGRATIONS)}. Nothing was changed. Stop the older server and run "ssm-archive migrate", or use it with the version that made it.`,
    { exitCode: 2 },
  );
}

/** An empty file may have been an archive, so no command makes a new archive at its path. */
function refuseEmpty(sqlite: SQLite.Database): void {
  if (!isNewFile(sqlite)) return;
  throw new UserFault(
    `${sqlite.name} is empty: it has no table. If it was an archive, put its newest backup in its place: ssm-archive restore BACKUP. For a new one, point --db or SSM_ARCHIVE_DB at a new file.`,
    { exitCode: 2 },
  );
}

/**
 * If several processes open a new file at once, only one of them turns WAL mode on. SQLite does not wait for that,
 * although it waits for other locks, so this function waits.
 */
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

/** Returns an archive on an open connection. */
function archiveOf(sqlite: SQLite.Database): ArchiveDb {
  return { sqlite, close: () => sqlite.close() };
}

/**
 * Opens an existing archive only for reading, for commands that report. No byte is written to it or beside it. Throws
 * UserFault if there is none, if it can't be read in this way, and if it has another version.
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
          `${path} was written to while it was read, so the answer may be wrong and is not shown. Run the command again.`,
        );
      },
    };
  } catch (error) {
    throw explainReading(path, error);
  }
}

/** Throws UserFault if there is nothing at an archive's path, or a folder. */
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
    `There is no archive at ${path}. Make one with "ssm-archive ingest"; if there was one, restore a backup with "ssm-archive restore"; or point --db or SSM_ARCHIVE_DB at an existing archive.`,
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

/**
 * Makes one folder after another: mkdirSync's own recursion never ends if the system refuses with ENOENT, as under
 * /proc.
 */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process may have made the folder since.
    if (!existsSync(folder)) throw error;
  }
}

const CANNOT_OPEN = ['SQLITE_CANTOPEN', 'SQLITE_READONLY', 'SQLITE_READONLY_DIRECTORY', 'SQLITE_PERM'];
const FROM_SYSTEM = ['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR', 'EEXIST', 'ENOSPC', 'ELOOP', 'ENAMETOOLONG'];

/** SQLite does not say why it can't open a file, so this looks for the reason. */
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
      `${path} can't be read: a process was killed while it wrote, and ${path}-journal is needed to undo the unfinished change. Copy both together into a folder of your own and run "ssm-archive migrate" on the copy (SSM_ARCHIVE_DB names it), or let a user who may write run it here.`,
      { exitCode: 2, cause: error },
    );
  if (explainTooManyFiles(error) === undefined && (CANNOT_OPEN.includes(code) || FROM_SYSTEM.includes(code)))
    return new UserFault(
      `The archive ${path} can't be read${whyOf(path, error, 'read')}. Check that this user may read it, and its -wal and -shm if they are beside it.`,
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
