import { existsSync, realpathSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Database } from 'better-sqlite3';
import { UserFault } from '../../lib/errors/user-fault.ts';
import { isAlive } from '../../lib/process/is-alive.ts';
import { isHeld, type LeaseRow, listLeases, nameLease, SERVER_LEASE } from '../held-leases.ts';
import { connectToRead, type ReadMode } from './connect-to-read.ts';
import { hasChanges } from './file-state.ts';
import { modeHere } from './open-here.ts';
import { type FileHeader, readHeader } from './read-header.ts';

const BUSY_TIMEOUT_MS = 5000;
const LOOKS = 4;
const PAUSE_MS = 50;

/**
 * Returns how an archive can be read without writing a byte to it or beside it. Throws UserFault if that is impossible;
 * its message says what to copy or to run first. For a file that can't be opened at all it returns `usual`, so that
 * SQLite reports why.
 */
export function chooseReadMode(path: string): ReadMode {
  const here = modeHere(path);
  if (here !== undefined) return here;
  for (let look = 1; ; look++) {
    const found = lookAt(path);
    if (found === undefined || !found.header.isWal) return 'usual';
    const { real, hasWal, hasShm } = found;
    if (hasWal && hasShm) return modeOfPair(real);
    if (look < LOOKS) {
      // Only one of the two files exists if a process is just opening or closing the archive.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
      continue;
    }
    if (hasWal && hasChanges(`${real}-wal`)) throw new UserFault(withoutShm(path), { exitCode: 2 });
    return refuseServed(path, real);
  }
}

function lookAt(path: string): { real: string; header: FileHeader; hasWal: boolean; hasShm: boolean } | undefined {
  try {
    const real = realpathSync(path);
    const header = readHeader(real);
    return header && { real, header, hasWal: existsSync(`${real}-wal`), hasShm: existsSync(`${real}-shm`) };
  } catch {
    return undefined;
  }
}

/**
 * Either a process has both files open, or the process that had them was killed. In the second case SQLite would write
 * the -shm again for the first reader.
 */
function modeOfPair(real: string): ReadMode {
  // No test shows that these files can be left unchanged on Windows.
  if (process.platform === 'win32') return 'usual';
  try {
    return readLeases(real, 'apart').some(isInUse) ? 'usual' : 'apart';
  } catch {
    return 'usual';
  }
}

/** Without changes in a -wal the file is complete, unless a server has a -wal elsewhere. */
function refuseServed(path: string, real: string): ReadMode {
  const leases = readLeases(real, 'immutable');
  // A server that ended has returned its lease, and a server that was killed has left its -wal.
  const owner = leases.find(isInUse) ?? leases.find(({ name }) => name.startsWith(SERVER_LEASE));
  if (owner === undefined) return 'immutable';
  throw new UserFault(
    `${path} can't be read: its -wal is not beside it, and ${nameLease(owner)} had it open and has not closed it, so the newest data may be missing. Copy the archive together with its -wal and -shm, or make a copy with "ssm-archive backup". If there is no such -wal any more, run "ssm-archive migrate", which closes the file.`,
    { exitCode: 2 },
  );
}

function readLeases(real: string, mode: ReadMode): LeaseRow[] {
  let sqlite: Database | undefined;
  try {
    sqlite = connectToRead(real, mode, BUSY_TIMEOUT_MS);
    return listLeases(sqlite);
  } finally {
    sqlite?.close();
  }
}

function isInUse(lease: LeaseRow): boolean {
  return isHeld(lease, { id: '', host: hostname(), pid: process.pid }, Date.now(), isAlive);
}

function withoutShm(path: string): string {
  return `${path} has a -wal beside it and no -shm, so it can't be read without writing there. Copy ${path} and ${path}-wal together into a folder of your own, run "ssm-archive migrate" on the copy (SSM_ARCHIVE_DB names it), and read that; or let a user who may write run "ssm-archive migrate" here.`;
}
