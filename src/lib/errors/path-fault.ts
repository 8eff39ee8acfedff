import { accessSync, constants, lstatSync, readlinkSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';

/** What was to be done with a path. */
export type PathUse = 'read' | 'write';

const MOST_SHOWN = 60;

/**
 * What is wrong with a path that somebody gave, from what the system said of it: a clause without a stop that names the path. Undefined
 * where the error says nothing of a path, or does not come from the system. Node's own messages name system calls, not what to mend.
 */
export function pathFault(path: string, error: unknown, use: PathUse = 'read'): string | undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return CLAUSES[code]?.(path, use);
}

/** The same as a sentence; where the system said something else, that the path can't be used, and its code. */
export function pathSentence(path: string, error: unknown, use: PathUse = 'read'): string {
  return asSentence(pathFault(path, error, use) ?? `${path} can't be ${use === 'read' ? 'read' : 'written'}`);
}

/** What keeps this user from reading a path or writing to it, where another program than Node has refused it; undefined where nothing is found. */
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

/** What writes, of the calls that name a path. */
const WRITES = /^(mkdir|mkdtemp|rename|link|symlink|copyfile|unlink|rmdir|chmod|chown)$/;

/** The same of an error that names its path itself, which nothing else has explained; undefined where it names none. */
export function systemFault(error: unknown): string | undefined {
  if (!(error instanceof Error && 'path' in error && typeof error.path === 'string')) return undefined;
  const call = 'syscall' in error ? String(error.syscall) : '';
  return pathFault(error.path, error, WRITES.test(call) ? 'write' : 'read');
}

/** A clause as a sentence of its own. */
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
  EROFS: (path) => `${path} is on a file system that can only be read`,
  ELOOP: (path) => `${path} is a link that leads back to itself`,
  ENAMETOOLONG: (path) => `the name ${shortened(path)} is longer than a file may have`,
  ENXIO: (path) => `${path} is a pipe, a socket or a device, and no file`,
  ENODEV: (path) => `${path} is a device, and no file`,
  EIO: (path) => `${path} is on a disk, or on a network, that fails`,
  ESTALE: (path) => `${path} is on a network that has lost it`,
  EBUSY: (path) => `${path} is in use by another process`,
  ETXTBSY: (path) => `${path} is a program that runs`,
  ERR_FS_FILE_TOO_LARGE: (path) => `${path} is larger than 2 GiB`,
};

function notThere(path: string, use: PathUse): string {
  const to = targetOf(path);
  if (to !== undefined) return `${path} is a link to ${to}, where there is nothing`;
  return use === 'write' && kindOf(dirname(path)) === undefined
    ? `there is no folder ${dirname(path)}`
    : `there is no file ${path}`;
}

/** Something stands where a folder should be: at the path itself, or above it. */
function underFile(path: string, use: PathUse): string {
  const above = foldersAbove(path).find((folder) => kindOf(folder) === 'file');
  if (above !== undefined) return `${above} is a file and no folder, so that there is no ${path}`;
  return kindOf(path) === undefined ? notThere(path, use) : `there is ${path} already`;
}

function isAFolder(path: string): string {
  return `${path} is a folder, and no file`;
}

function denied(path: string, use: PathUse): string {
  const shut = foldersAbove(path).find((folder) => kindOf(folder) === 'folder' && !may(folder, constants.X_OK));
  if (shut !== undefined) return `this user may not enter the folder ${shut}, in which ${basename(path)} would be`;
  if (kindOf(path) === undefined) return `this user may not write into the folder ${dirname(path)}`;
  return `this user may not ${use === 'read' ? 'read' : 'write to'} ${path}`;
}

/** The nearest last: if a folder can't be entered, those inside it can't either. */
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
