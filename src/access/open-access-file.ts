import { chmodSync, closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import SQLite from 'better-sqlite3';
import { explainTooManyFiles } from '../lib/errors/explain-too-many-files.ts';
import { findPathFault, pathFault } from '../lib/errors/path-fault.ts';
import { UserFault } from '../lib/errors/user-fault.ts';

/** One of the two SQLite files beside the archive. */
export interface AccessFile {
  /** Returns the statement for a text. It is prepared at its first use and kept. */
  prepare<Params extends unknown[], Row>(sql: string): SQLite.Statement<Params, Row>;
  /** Runs statements without parameters or results. */
  exec(sql: string): void;
  /** Runs `work` in one transaction that may write from its beginning. */
  write<Result>(work: () => Result): Result;
  /** Registers `work` to run before the file is closed. */
  beforeClose(work: () => void): void;
  close(): void;
}

/** The properties in which the two kinds of file differ. */
export interface FileKind {
  /** The name of this kind in messages: "file of tokens". */
  what: string;
  /** The environment variable with the path. */
  setting: string;
  /** SQLite's application_id, so that the file is never mistaken for an archive, or an archive for this file. */
  applicationId: number;
  /** The n-th migration upgrades a file of user_version n to n + 1. Never edit a released one. */
  migrations: readonly string[];
}

// This is short because waiting for a lock blocks every answer of the server. It is longer than a write of a row takes.
const BUSY_TIMEOUT_MS = 500;
// The -wal may grow to 40 MiB. A checkpoint blocks an answer for some milliseconds. With a smaller limit, that would
// happen to one in three hundred answers.
const CHECKPOINT_PAGES = 10_000;
const ONLY_OWNER = 0o600;
/** A path for a file that exists only in memory, and is gone when it is closed. */
export const IN_MEMORY = ':memory:';

/**
 * Opens the file for reading and writing, makes it and its folder if they are missing, and migrates it. Only its owner
 * may read it. Throws UserFault if the path can't be used, or if its file belongs to another program or to a newer
 * version.
 */
export function openAccessFile(path: string, kind: FileKind): AccessFile {
  let sqlite: SQLite.Database | undefined;
  try {
    if (path !== IN_MEMORY) makeFile(path);
    sqlite = new SQLite(path, { timeout: BUSY_TIMEOUT_MS });
    // With this setting, free space is given back to the disk bit by bit. SQLite accepts it only for an empty file.
    if (path !== IN_MEMORY && statSync(path).size === 0) sqlite.pragma('auto_vacuum = INCREMENTAL');
    refuseForeignFile(sqlite, kind);
    sqlite.pragma('journal_mode = WAL');
    // A row survives the end of the process, but not always a power cut: an fsync for each row would block every
    // answer.
    sqlite.pragma('synchronous = NORMAL');
    sqlite.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    sqlite.pragma('foreign_keys = ON');
    migrate(sqlite, kind);
    for (const file of [path, `${path}-wal`, `${path}-shm`]) closeToOthers(file);
  } catch (error) {
    sqlite?.close();
    throw explain(path, kind, error);
  }
  return fileOf(sqlite);
}

function makeFile(path: string): void {
  makeFolder(dirname(path));
  // The file is made before SQLite would make it, so that others can never read it. SQLite gives the -wal and -shm the
  // same mode.
  closeSync(openSync(path, 'a', ONLY_OWNER));
}

function fileOf(sqlite: SQLite.Database): AccessFile {
  const statements = new Map<string, SQLite.Statement>();
  const atClose: (() => void)[] = [];
  return {
    prepare<Params extends unknown[], Row>(sql: string) {
      const known = statements.get(sql) ?? sqlite.prepare(sql);
      statements.set(sql, known);
      return known as SQLite.Statement<Params, Row>;
    },
    exec(sql) {
      sqlite.exec(sql);
    },
    write: (work) => sqlite.transaction(work).immediate(),
    beforeClose: (work) => {
      atClose.push(work);
    },
    close() {
      for (const work of atClose.splice(0)) work();
      sqlite.close();
    },
  };
}

function refuseForeignFile(sqlite: SQLite.Database, { what, setting, applicationId, migrations }: FileKind): void {
  const isEmpty = sqlite.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0;
  if (!isEmpty && sqlite.pragma('application_id', { simple: true }) !== applicationId) {
    throw new UserFault(
      `${sqlite.name} is a SQLite database, but not the ${what} of ssm-archive. Point ${setting} at one, or at a file that does not exist yet.`,
      { exitCode: 2 },
    );
  }
  if (versionOf(sqlite) > migrations.length) {
    throw new UserFault(
      `The ${what} ${sqlite.name} was made by a newer version of ssm-archive. Use that version or a later one.`,
      { exitCode: 2 },
    );
  }
}

/** Runs all pending migrations in one transaction. Two processes may do this at once. */
function migrate(sqlite: SQLite.Database, { applicationId, migrations }: FileKind): void {
  if (versionOf(sqlite) === migrations.length) return;
  sqlite
    .transaction(() => {
      for (const sql of migrations.slice(versionOf(sqlite))) sqlite.exec(sql);
      sqlite.pragma(`application_id = ${applicationId}`);
      sqlite.pragma(`user_version = ${migrations.length}`);
    })
    .immediate();
}

function versionOf(sqlite: SQLite.Database): number {
  return Number(sqlite.pragma('user_version', { simple: true }));
}

/** A restored or copied file may have another mode. */
function closeToOthers(path: string): void {
  if (existsSync(path) && (statSync(path).mode & 0o777 & ~ONLY_OWNER) !== 0) chmodSync(path, ONLY_OWNER);
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

/** SQLite does not say why it can't open a file, so this looks for the reason. */
function whyOf(path: string, error: unknown): string {
  const fault = pathFault(path, error, 'write') ?? findPathFault(path, 'write');
  return fault === undefined ? '' : `: ${fault}`;
}

function explain(path: string, { what, setting }: FileKind, error: unknown): unknown {
  const tooManyFiles = explainTooManyFiles(error);
  if (tooManyFiles !== undefined)
    return new UserFault(`The ${what} ${path} can't be opened. ${tooManyFiles}`, { cause: error });
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'SQLITE_NOTADB' || code === 'SQLITE_CORRUPT') {
    return new UserFault(
      `The ${what} ${path} is not a SQLite database, or is damaged (${code}). Restore a copy of it, or point ${setting} at a file that does not exist yet.`,
      { exitCode: 2, cause: error },
    );
  }
  if (/^(SQLITE_(CANTOPEN|READONLY|PERM)|E[A-Z]+$)/.test(code)) {
    return new UserFault(
      `The ${what} ${path} can't be opened for writing${whyOf(path, error)}. Check that the path (${setting}) is a file in a folder that this user may write, and that the file is this user's own.`,
      { exitCode: 2, cause: error },
    );
  }
  return error;
}
