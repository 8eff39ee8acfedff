import { lstatSync, statSync } from 'node:fs';
import { pathSentence } from '../errors/path-fault.ts';
import { UserFault } from '../errors/user-fault.ts';

/**
 * Whether something is at a path. Throws UserFault if this can't be known: a file may exist in a folder that this user
 * may not enter, or behind a link to a disk that is not mounted, so it must not be reported as missing.
 */
export function isThere(path: string): boolean {
  try {
    statSync(path);
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOTDIR' || (code === 'ENOENT' && !isLink(path))) return false;
    throw new UserFault(pathSentence(path, error), { exitCode: 2, cause: error });
  }
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}
