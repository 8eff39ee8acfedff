import { accessSync, constants, lstatSync, readlinkSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';

/** The action that the caller wanted to do with a path. */
export type PathUse = 'read' | 'write';

const MOST_SHOWN = 60;

/**
 * Explains the system's error about a path that a person gave. Returns a clause that names the path, without a full
 * stop; undefined if the error is not about a path or is not the system's. Node's own messages name system calls, and
 * don't say what to repair.
 */
export function pathFault(path: string, error: unknown, use: PathUse = 'read'): string | undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return CLAUSES[code]?.(path, use);
}

/**
 * Returns the clause of `pathFault` as a sentence. For any other error the sentence only says that the path can't be
 * read or written.
 */
export function pathSentence(path: string, error: unknown, use: PathUse = 'read'): string {
  return asSentence(pathFault(path, error, use) ?? `${path} can't be ${use === 'read' ? 'read' : 'written'}`);
}

/**
 * Returns why this user can't read or write a path; undefined if no reason is found. Needed where no error of Node says
 * why, for example after SQLite could not open a file.
 */
export function findPathFault(path: string, use: PathUse = 'read'): string | undefined {
  try {
    const isFolder = statSync(path, { throwIfNoEntry: use === 'read' })?.isDirectory();
    if (isFolder) return isAFolder(path);
    if (isFolder === undefined && targetOf(path) !== undefined) return notThere(path, use);
    if (isFolder !== undefined) accessSync(path, use === 'read' ? constants.R_OK : constants.W_OK);
    if (use === 'write' && kindOf(dirname(path)) === 'file') return underFile(path, use);
    if (use === 'write') accessSync(dirname(path), constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    return pathFault(path, error, use);
  }
}

/** System calls that write. Only calls whose errors name a path are listed. */
const WRITES = /^(mkdir|mkdtemp|rename|link|symlink|copyfile|unlink|rmdir|chmod|chown)$/;

/** Returns the clause of `pathFault` for an error that itself names its path. Undefined if the error names no path. */
export function systemFault(error: unknown): string | undefined {
  if (!(error instanceof Error && 'path' in error && typeof error.path === 'string')) return undefined;
  const call = 'syscall' in error ? String(error.syscall) : '';
  return pathFault(error.path, error, WRITES.test(call) ? 'write' : 'read');
}

/** Returns a clause as a sentence. */
export function asSentence(clause: string): string {
  return `${clause.replace(/^(there|this|the) /, (word) => word.charAt(0).toUpperCase() + word.slice(1))}.`;
}

const CLAUSES: Readonly<Record<string, (path: string, use: PathUse) => string>> = {
  ENOENT: notThere,
  ENOTDIR: underFile,
  EEXIST: underFile,
  EISDIR: isAFolder,
  EACCES: denied,
  EPERM: denied,
  EROFS: (path) => `${path} is on a read-only file system`,
  ELOOP: (path) => `${path} is a link that leads back to itself`,
  ENAMETOOLONG: (path) => `the name ${shortened(path)} is longer than a file name may be`,
  ENXIO: (path) => `${path} is a pipe, a socket or a device, not a file`,
  ENODEV: (path) => `${path} is a device, not a file`,
  EIO: (path) => `${path} is on a disk or a network drive that reports errors`,
  ESTALE: (path) => `${path} is on a network drive that no longer has it`,
  EBUSY: (path) => `${path} is in use by another process`,
  ETXTBSY: (path) => `${path} is a program that is running`,
  ERR_FS_FILE_TOO_LARGE: (path) => `${path} is larger than 2 GiB`,
};

function notThere(path: string, use: PathUse): string {
  const to = targetOf(path);
  if (to !== undefined) return `${path} is a link to ${to}, which does not exist`;
  return use === 'write' && kindOf(dirname(path)) === undefined
    ? `there is no folder ${dirname(path)}`
    : `there is no file ${path}`;
}

/** Explains that a file is where a folder is needed: at the path itself, or above it. */
function underFile(path: string, use: PathUse): string {
  const above = foldersAbove(path).find((folder) => kindOf(folder) === 'file');
  if (above !== undefined) return `${above} is a file, not a folder, so ${path} can't exist`;
  return kindOf(path) === undefined ? notThere(path, use) : `there is ${path} already`;
}

function isAFolder(path: string): string {
  return `${path} is a folder, not a file`;
}

function denied(path: string, use: PathUse): string {
  const shut = foldersAbove(path).find((folder) => kindOf(folder) === 'folder' && !may(folder, constants.X_OK));
  if (shut !== undefined) return `this user may not enter the folder ${shut}, in which ${basename(path)} would be`;
  if (kindOf(path) === undefined) return `this user may not write into the folder ${dirname(path)}`;
  return `this user may not ${use === 'read' ? 'read' : 'write to'} ${path}`;
}

/**
 * Returns the folders above a path, the outermost first, because a user who can't enter a folder can't reach the
 * folders inside it either.
 */
function foldersAbove(path: string): string[] {
  const folder = dirname(path);
  if (folder !== path && folder !== '.') return [...foldersAbove(folder), folder];
  return folder === '.' ? [resolve(folder)] : [];
}

function kindOf(path: string): 'file' | 'folder' | undefined {
  try {
    return statSync(path).isDirectory() ? 'folder' : 'file';
  } catch {
    return undefined;
  }
}

function may(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

function targetOf(path: string): string | undefined {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : undefined;
  } catch {
    return undefined;
  }
}

function shortened(path: string): string {
  return path.length > MOST_SHOWN ? `${path.slice(0, MOST_SHOWN)}…` : path;
}
