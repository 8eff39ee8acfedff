import { existsSync, lstatSync, readlinkSync, realpathSync, type Stats, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { hasNoTable, isSqliteFile, readApplicationId } from '../../db/read-application-id.ts';
import { APPLICATION_IDS } from '../../lib/files/application-ids.ts';

/** What is at an archive's path. `what` is a sentence about it, without the full stop. */
export type Standing =
  | { kind: 'archive' }
  | { kind: 'nothing' }
  | { kind: 'empty'; what: string }
  | { kind: 'foreign'; what: string };

/**
 * The endings of the files that SQLite keeps beside a database. If such a file exists without a database, there once
 * was a database.
 */
export const SQLITE_ENDINGS = ['-wal', '-shm', '-journal'] as const;
/** More symbolic links than any system follows. */
const MOST_LINKS = 40;

/**
 * Finds out what is at a path, and changes nothing. A file that can't be read counts as an archive: opening it will say
 * why it can't be read.
 */
export function standingAt(path: string): Standing {
  const stats = lookAt(path);
  if (typeof stats === 'string') return { kind: stats };
  if (stats.isDirectory()) return { kind: 'foreign', what: `${path} is a folder` };
  if (!stats.isFile()) return { kind: 'foreign', what: `${path} is not a plain file` };
  if (stats.size === 0) return { kind: 'empty', what: `${path} is empty: it has 0 bytes` };
  const isSqlite = isSqliteFile(path);
  if (isSqlite === undefined) return { kind: 'archive' };
  if (!isSqlite) return { kind: 'foreign', what: `${path} is not a SQLite database` };
  if (readApplicationId(path) === APPLICATION_IDS.archive) return { kind: 'archive' };
  if (isEmptyDatabase(path))
    return { kind: 'empty', what: `${path} is empty: it is a SQLite database that has no table` };
  return { kind: 'foreign', what: `${path} is a SQLite database, but not an ssm-archive` };
}

/**
 * Follows symbolic links to the file that SQLite would open or make, with its -wal beside it. The file need not exist.
 */
export function targetOf(path: string, links = 0): string {
  try {
    return realpathSync(path);
  } catch {
    return links < MOST_LINKS && isLink(path) ? targetOf(resolve(dirname(path), readlinkSync(path)), links + 1) : path;
  }
}

/** The paths of the files that SQLite has left beside a database. */
export function besideOf(path: string): string[] {
  const target = targetOf(path);
  return SQLITE_ENDINGS.map((ending) => target + ending).filter((file) => existsSync(file));
}

function lookAt(path: string): Stats | 'nothing' | 'archive' {
  try {
    return statSync(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'nothing' : 'archive';
  }
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}

function isEmptyDatabase(path: string): boolean {
  try {
    return hasNoTable(path);
  } catch {
    return false;
  }
}
