import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import SQLite from 'better-sqlite3';
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3';
import { ArchiveMoved } from '../lib/archive-moved.ts';
import { explainTooManyFiles } from '../lib/explain-too-many-files.ts';
import { type FileIdentity, identifyFile, isSameFile } from '../lib/identify-file.ts';
import { isDiskFull } from '../lib/is-disk-full.ts';
import { packageRoot } from '../lib/package-root.ts';
import { UserFault } from '../lib/user-fault.ts';
import { connectAlone } from './connect-alone.ts';
import { isMigrated, isNewFile, migrate } from './migrate.ts';
import * as schema from './schema.ts';

/** An open archive file: `sqlite` for the hot, prepared statements and `orm` for all others, on one connection. */
export interface ArchiveDb {
  sqlite: SQLite.Database;
  orm: BetterSQLite3Database<typeof schema>;
  close(): void;
}

/** An open archive that is only read. */
export interface ReadArchive extends ArchiveDb {
  /** No other connection can have it open meanwhile, in whatever process. */
  isAlone: boolean;
}

const MIGRATIONS = join(packageRoot(), 'migrations');
// docs/decisions/0007-sqlite-settings.md has the measurements.
const PAGE_SIZE_BYTES = 8192;
const CHECKPOINT_PAGES = 5000;
const CACHE_KIB = 32_768;
const BUSY_TIMEOUT_MS = 30_000;
const BUSY_PAUSE_MS = 10;

/**
 * Opens the archive for reading and writing, makes it (and its folder) where it is missing, and migrates it.
 * Throws UserFault where the path can't be used, is not an archive, or is a newer version's.
 */
export function openArchive(path: string): ArchiveDb {
  makeFolderOf(path);
  return prepare(connect(path, {}));
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
  return prepare(sqlite);
}

function prepare(sqlite: SQLite.Database): ArchiveDb {
  try {
    if (isNewFile(sqlite)) {
      sqlite.pragma(`page_size = ${PAGE_SIZE_BYTES}`);
      // Pruned rows give their space back bit by bit. Only a new file is told so: telling it again would commit at each opening.
      sqlite.pragma('auto_vacuum = INCREMENTAL');
    }
    useWal(sqlite);
    sqlite.pragma('synchronous = FULL');
    sqlite.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    sqlite.pragma(`cache_size = -${CACHE_KIB}`);
    sqlite.pragma('foreign_keys = ON');
    migrate(sqlite, MIGRATIONS);
  } catch (error) {
    sqlite.close();
    throw explain(sqlite.name, error);
  }
  return archiveOf(sqlite);
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
export function archiveOf(sqlite: SQLite.Database): ArchiveDb {
  return { sqlite, orm: drizzle(sqlite, { schema }), close: () => sqlite.close() };
}

/** Opens an existing archive for reading alone: for commands that report. Throws UserFault where there is none. */
export function openArchiveReadOnly(path: string): ReadArchive {
  refuseMissing(path);
  const { sqlite, isAlone } = connectToRead(path);
  try {
    // A reader migrates too, through a connection of its own: its queries know only this version's tables.
    if (!isMigrated(sqlite, MIGRATIONS)) openExistingArchive(path).close();
  } catch (error) {
    sqlite.close();
    throw explain(path, error);
  }
  return { ...archiveOf(sqlite), isAlone };
}

function connectToRead(path: string): { sqlite: SQLite.Database; isAlone: boolean } {
  const sqlite = connect(path, { readonly: true, fileMustExist: true });
  try {
    sqlite.pragma('schema_version');
    return { sqlite, isAlone: false };
  } catch (error) {
    sqlite.close();
    if (!isDiskFull(error)) throw explain(path, error);
  }
  try {
    return { sqlite: connectAlone(path, BUSY_TIMEOUT_MS), isAlone: true };
  } catch (error) {
    throw explain(path, error);
  }
}

function refuseMissing(path: string): void {
  if (existsSync(path)) return;
  throw new UserFault(
    `There is no archive at ${path} yet. Run "ssm-archive ingest" first, or point SSM_ARCHIVE_DB at one.`,
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

function explain(path: string, error: unknown): unknown {
  const tooManyFiles = explainTooManyFiles(error);
  if (tooManyFiles !== undefined)
    return new UserFault(`The archive ${path} can't be opened. ${tooManyFiles}`, { cause: error });
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'SQLITE_NOTADB') {
    return new UserFault(`${path} is not a SQLite database. Point SSM_ARCHIVE_DB at an archive or at a new file.`, {
      exitCode: 2,
      cause: error,
    });
  }
  if (code === 'SQLITE_CORRUPT') {
    return new UserFault(
      `The archive ${path} is damaged (${String(error)}). Keep the file, and restore the newest backup of it.`,
      { cause: error },
    );
  }
  const cannotOpen = ['SQLITE_CANTOPEN', 'SQLITE_READONLY', 'SQLITE_READONLY_DIRECTORY', 'SQLITE_PERM'];
  const fromSystem = ['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR', 'EEXIST', 'ENOSPC'];
  if (typeof code === 'string' && (cannotOpen.includes(code) || fromSystem.includes(code))) {
    return new UserFault(
      `The archive ${path} can't be opened for writing (${code}). Check that the path is a file in a folder that this user may write.`,
      { exitCode: 2, cause: error },
    );
  }
  return error;
}
