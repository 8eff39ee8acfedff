import { type Dirent, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import SQLite, { type Database } from 'better-sqlite3';
import { hostMark } from '../../lib/process/host-mark.ts';
import { isAlive } from '../../lib/process/is-alive.ts';

/**
 * A folder in which a pack, the files of a day or an archive for a trial are made and that only its owner may enter. It
 * is removed when this process ends, unless the process is killed.
 */
export interface WorkFolder {
  path: string;
  remove(): void;
}

const LOCK = 'lock';
/** The folders of this process that still exist. */
const unfinished = new Set<() => void>();
const RETRIES = 5;
const RETRY_DELAY_MS = 250;
const NAME = /^\.(?:evidence|sealing|trial)-([0-9a-f]{8})-(\d+)-[^-]{6}$/;

/** Makes a work folder. Its name says which machine and process made it. */
export function makeWorkFolder(parent: string, work: 'evidence' | 'sealing' | 'trial' = 'evidence'): WorkFolder {
  const path = mkdtempSync(join(parent, `.${work}-${hostMark(hostname())}-${process.pid}-`));
  const lock = holdLock(join(path, LOCK));
  const remove = () => {
    unfinished.delete(remove);
    if (unfinished.size === 0) process.off('exit', removeAll);
    lock?.close();
    rmSync(path, { recursive: true, force: true });
  };
  if (unfinished.size === 0) process.on('exit', removeAll);
  unfinished.add(remove);
  return { path, remove };
}

function removeAll(): void {
  for (const remove of unfinished) {
    try {
      remove();
    } catch {
      // A child process of ours still writes to the folder. The next start removes it.
    }
  }
}

/**
 * Removes from `parent` the work folders of killed processes of this machine, and returns their names. Keeps folders of
 * other machines, because it can't know whether they are still in use.
 */
export async function removeDeadWork(parent: string): Promise<string[]> {
  const removed: string[] = [];
  for (const entry of entriesIn(parent)) {
    const [, host, pid] = NAME.exec(entry.name) ?? [];
    const path = join(parent, entry.name);
    if (!entry.isDirectory() || host !== hostMark(hostname()) || !isOver(path, Number(pid))) continue;
    try {
      // A child of the dead process may still make files, but ends within a second.
      await rm(path, { recursive: true, force: true, maxRetries: RETRIES, retryDelay: RETRY_DELAY_MS });
      removed.push(entry.name);
    } catch {
      // The folder belongs to another user. The `doctor` command names it.
    }
  }
  return removed;
}

/**
 * The work folders that may be left over: all except those that a process of this machine is using. Knows the names
 * that earlier versions gave.
 */
export function listLeftWork(parent: string): string[] {
  return entriesIn(parent)
    .filter((entry) => entry.isDirectory() && /^\.(evidence|sealing|trial)-/.test(entry.name))
    .map(({ name }) => name)
    .filter((name) => {
      const [, host, pid] = NAME.exec(name) ?? [];
      return host !== hostMark(hostname()) || isOver(join(parent, name), Number(pid));
    });
}

/** The entries of a folder; an empty list if the folder does not exist yet. */
function entriesIn(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/**
 * Whether the process that made a folder has ended. Checks the lock, which ends with its process, because the system
 * reuses process ids, and every container begins with the same ones.
 */
function isOver(folder: string, pid: number): boolean {
  const path = join(folder, LOCK);
  // Without a lock, only the process id is known: the process was killed before it made a lock, or could not make one.
  if (!existsSync(path)) return pid === process.pid || !isAlive(pid);
  const lock = holdLock(path);
  lock?.close();
  return lock !== undefined;
}

/**
 * Takes the lock. Undefined if another process has it, or if the file system has no locks, like some network file
 * systems.
 */
function holdLock(path: string): Database | undefined {
  let sqlite: Database | undefined;
  try {
    sqlite = new SQLite(path, { timeout: 0 });
    sqlite.exec('BEGIN EXCLUSIVE');
    return sqlite;
  } catch {
    sqlite?.close();
    return undefined;
  }
}
