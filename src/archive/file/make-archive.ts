import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, linkSync, openSync, renameSync, rmdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { openArchive } from '../../db/open.ts';
import { UserFault } from '../../lib/errors/user-fault.ts';
import { removeFiles } from '../../lib/files/remove-files.ts';
import { syncFolder } from '../../lib/files/sync-folder.ts';
import { SQLITE_ENDINGS, targetOf } from './standing.ts';

/** The error codes of file systems that can't give a file a second name. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL'];

/**
 * Makes an archive with all its tables, and only then gives the file its final name. Even if this process is killed, a
 * whole archive or nothing is at the path; a half-made archive would later be refused as an empty file. If several
 * processes make it at once, one succeeds and the others get false. Throws UserFault if the archive can't be made.
 */
export async function makeArchive(path: string, link: typeof linkSync = linkSync): Promise<boolean> {
  const target = targetOf(path);
  const temporary = `${target}.${randomUUID()}.tmp`;
  try {
    const db = openArchive(temporary);
    try {
      // After this everything is in one file, without a -wal, so only that file must get the final name.
      db.sqlite.pragma('journal_mode = DELETE');
    } finally {
      db.close();
    }
    syncFile(temporary);
    if (!giveName(temporary, target, link)) return false;
    await syncFolder(dirname(target));
    return true;
  } catch (error) {
    throw error instanceof UserFault ? named(error, temporary, path) : error;
  } finally {
    removeFiles(['', ...SQLITE_ENDINGS].map((ending) => temporary + ending));
  }
}

/**
 * Makes an archive and removes it again, with its folders. So users are asked for settings only if an archive can be
 * made. Throws UserFault if it can't be made, and the driver's error if the driver is missing.
 */
export function tryToMake(path: string): void {
  const target = targetOf(path);
  const temporary = `${target}.${randomUUID()}.tmp`;
  const missing = missingFolders(dirname(target));
  try {
    openArchive(temporary).close();
  } catch (error) {
    throw error instanceof UserFault ? named(error, temporary, path) : error;
  } finally {
    removeFiles(['', ...SQLITE_ENDINGS].map((ending) => temporary + ending));
    for (const folder of missing) removeIfEmpty(folder);
  }
}

/** The folders that must be made, the innermost first. */
function missingFolders(folder: string): string[] {
  return existsSync(folder) ? [] : [folder, ...missingFolders(dirname(folder))];
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // The folder was not made, or another process has begun to use it.
  }
}

/** Gives the file its name. Returns false if a file with that name exists by now: a link never replaces a file. */
function giveName(temporary: string, target: string, link: typeof linkSync): boolean {
  try {
    link(temporary, target);
    return true;
  } catch (error) {
    if (existsSync(target)) return false;
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (!NO_LINKS.includes(code)) throw error;
    renameSync(temporary, target);
    return true;
  }
}

function syncFile(path: string): void {
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** The same error, but with the path that the user gave instead of the temporary one. */
function named(error: UserFault, temporary: string, path: string): UserFault {
  const lines = error.lines.map((line) => line.replaceAll(temporary, path));
  return new UserFault(lines, { exitCode: error.exitCode, cause: error });
}
