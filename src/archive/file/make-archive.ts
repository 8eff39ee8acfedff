import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, linkSync, openSync, renameSync, rmdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { openArchive } from '../../db/open.ts';
import { UserFault } from '../../lib/errors/user-fault.ts';
import { removeFiles } from '../../lib/files/remove-files.ts';
import { syncFolder } from '../../lib/files/sync-folder.ts';
import { SQLITE_ENDINGS, targetOf } from './standing.ts';

/** What a file system says that knows no second name for a file. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL'];

/**
 * Makes an archive with all its tables, and then gives it its name: whatever ends this process, there is a whole archive at the path or
 * nothing, since half of one would be refused from then on as an empty file. Of several that make it at once one does, and false is what the
 * others get. Throws UserFault where it can't be made.
 */
export async function makeArchive(path: string, link: typeof linkSync = linkSync): Promise<boolean> {
  const target = targetOf(path);
  const temporary = `${target}.${randomUUID()}.tmp`;
  try {
    const db = openArchive(temporary);
    try {
      // All of it is in the one file then, which is all that gets the name.
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
 * Makes one and removes it again, folders too: so it is known that one can be made before anybody is asked for what would go into it.
 * Throws UserFault where it can't be, and what the driver throws where that is missing.
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

/** The folders that would have to be made, the innermost first. */
function missingFolders(folder: string): string[] {
  return existsSync(folder) ? [] : [folder, ...missingFolders(dirname(folder))];
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // It was not made, or somebody has begun to use it.
  }
}

/** False where there is a file of that name by now: a link never takes another's place. */
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

/** The same fault with the name that the user has given. */
function named(error: UserFault, temporary: string, path: string): UserFault {
  const lines = error.lines.map((line) => line.replaceAll(temporary, path));
  return new UserFault(lines, { exitCode: error.exitCode, cause: error });
}
