import { type Dirent, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import SQLite, { type Database } from 'better-sqlite3';
import { hostMark } from '../../lib/process/host-mark.ts';
import { isAlive } from '../../lib/process/is-alive.ts';

/** A folder that only its owner may enter, for what a pack is made of. Nothing of it is left at the end of this process, unless that is killed. */
export interface WorkFolder {
  path: string;
  remove(): void;
}

const LOCK = 'lock';
/** Of this process. */
const unfinished = new Set<() => void>();
const RETRIES = 5;
const RETRY_DELAY_MS = 250;
const NAME = /^\.evidence-([0-9a-f]{8})-(\d+)-[^-]{6}$/;

/** Makes such a folder, whose name says on which machine and by which process. */
export function makeWorkFolder(parent: string): WorkFolder {
  const path = mkdtempSync(join(parent, `.evidence-${hostMark(hostname())}-${process.pid}-`));
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
      // A process of ours is still writing there: the next start removes it.
    }
  }
}

/**
 * Removes from a folder those that processes of this machine had made and that were killed, and returns their names. What another machine
 * made stays: nobody here can tell whether it still works on it.
 */
export async function removeDeadWork(parent: string): Promise<string[]> {
  const removed: string[] = [];
  for (const entry of entriesIn(parent)) {
    const [, host, pid] = NAME.exec(entry.name) ?? [];
    const path = join(parent, entry.name);
    if (!entry.isDirectory() || host !== hostMark(hostname()) || !isOver(path, Number(pid))) continue;
    try {
      // A process that was started by the dead one ends within a second, and makes files until then.
      await rm(path, { recursive: true, force: true, maxRetries: RETRIES, retryDelay: RETRY_DELAY_MS });
      removed.push(entry.name);
    } catch {
      // Another user's: "doctor" names it.
    }
  }
  return removed;
}

/** The folders that may have been left, this version's or an earlier one's: all but those at which a process of this machine is at work. */
export function listLeftWork(parent: string): string[] {
  return entriesIn(parent)
    .filter((entry) => entry.isDirectory() && entry.name.startsWith('.evidence-'))
    .map(({ name }) => name)
    .filter((name) => {
      const [, host, pid] = NAME.exec(name) ?? [];
      return host !== hostMark(hostname()) || isOver(join(parent, name), Number(pid));
    });
}

/** None where there is no folder yet. */
function entriesIn(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** The system gives a process's id to another one later, and a container its first again; the lock ends with the process itself. */
function isOver(folder: string, pid: number): boolean {
  const path = join(folder, LOCK);
  // It was killed before it had one, or can't have one.
  if (!existsSync(path)) return pid === process.pid || !isAlive(pid);
  const lock = holdLock(path);
  lock?.close();
  return lock !== undefined;
}

/** Undefined where another process holds it, or where the file system has no locks, as some that are mounted over a network. */
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
