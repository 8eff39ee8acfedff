import { hostname } from 'node:os';
import SQLite, { type Database } from 'better-sqlite3';
import { isHeld, listLeases, nameLease } from '../../db/held-leases.ts';
import { isMigrated, migrate, newestSchema, schemaOf } from '../../db/migrate.ts';
import { MIGRATIONS } from '../../db/open.ts';
import { readApplicationId } from '../../db/read-application-id.ts';
import { whileAlone } from '../../db/while-alone.ts';
import { UserFault } from '../../lib/errors/user-fault.ts';
import { APPLICATION_IDS } from '../../lib/files/application-ids.ts';
import { findOpeners, nameOpeners } from '../../lib/files/find-openers.ts';
import { isAlive } from '../../lib/process/is-alive.ts';
import { MINUTE_MS, SECOND_MS, sleep } from '../../lib/time.ts';
import { releaseLease, takeLease } from './lease.ts';
import { fillNewMembers } from './new-members/fill-new-members.ts';
import { findNewMembers, readColumns } from './new-members/find-new-members.ts';
import { refuseUnwritable } from './refuse-unwritable.ts';

export interface MigrateDeps {
  /** Called with a sentence for each step and each wait. */
  say(sentence: string): void;
  signal: AbortSignal;
  /** How long to wait until all other processes have closed the archive. */
  waitMs?: number | undefined;
}

/** The schema's number before and after the migration. */
export interface Migrated {
  from: number;
  to: number;
}

const WAIT_MS = MINUTE_MS / 2;
const PAUSE_MS = 250;

/**
 * Brings an archive to this version's schema, in one transaction and with the lease on collecting. Waits until no other
 * process has it open, because an older server has no lease between its passes and would fail on tables that it doesn't
 * know. Returns undefined if the archive already has that schema. Throws UserFault if others have it open for too long,
 * and throws like `isMigrated`.
 */
export async function migrateArchive(
  path: string,
  { say, signal, waitMs = WAIT_MS }: MigrateDeps,
): Promise<Migrated | undefined> {
  refuseUnwritable(path);
  const from = schemaNow(path);
  const to = newestSchema(MIGRATIONS);
  if (from === undefined) return undefined;
  const end = performance.now() + waitMs;
  let isTold = false;
  for (;;) {
    const holder = tryNow(path, say);
    if (holder === undefined) break;
    if (signal.aborted)
      throw new UserFault(
        `The archive ${path} was not migrated: the command was stopped while it waited, because ${holder}.`,
      );
    if (performance.now() >= end)
      throw new UserFault(
        `The archive ${path} was not migrated from schema ${from} to ${to}: ${holder}, even after a wait of ${Math.round(waitMs / SECOND_MS)} seconds. Nothing was changed. Stop that process first, even if it is an older server, and run this again.`,
        { exitCode: 2 },
      );
    if (!isTold)
      say(`Waiting to migrate ${path} from schema ${from} to ${to} until no other process has it open: ${holder}.`);
    isTold = true;
    await sleep(PAUSE_MS, signal);
  }
  say(`Migrated ${path} from schema ${from} to schema ${to}. Versions before this one can't use it any more.`);
  return { from, to };
}

/**
 * Migrates an archive, for callers that also make archives. Does nothing if the file is not an archive or can't be
 * opened: the callers open it next, which says why.
 */
export async function migrateExisting(path: string, deps: MigrateDeps): Promise<void> {
  if (!isArchive(path)) return;
  try {
    await migrateArchive(path, deps);
  } catch (error) {
    if (!(error instanceof SQLite.SqliteError)) throw error;
  }
}

/** Whether a file is an archive of any version. */
export function isArchive(path: string): boolean {
  return readApplicationId(path) === APPLICATION_IDS.archive;
}

/** The schema of an archive of an older version; undefined for any other file. */
function schemaNow(path: string): number | undefined {
  const sqlite = new SQLite(path, { fileMustExist: true });
  try {
    return isMigrated(sqlite, MIGRATIONS) ? undefined : schemaOf(sqlite, MIGRATIONS);
  } finally {
    sqlite.close();
  }
}

/** Migrates the archive, or returns a clause that says who prevents that. */
function tryNow(path: string, say: MigrateDeps['say']): string | undefined {
  const openers = findOpeners(path);
  if (openers.length > 0) return `it is open in ${nameOpeners(openers)}`;
  try {
    return whileAlone(path, (sqlite) => migrateUnderLease(sqlite, say));
  } catch (error) {
    if (error instanceof SQLite.SqliteError && error.code.startsWith('SQLITE_BUSY'))
      return `it is open in ${nameOpeners(findOpeners(path))}`;
    throw error;
  }
}

function migrateUnderLease(sqlite: Database, say: MigrateDeps['say']): string | undefined {
  const holder = { id: `migrate-${process.pid}`, host: hostname(), pid: process.pid };
  const nowMs = Date.now();
  const leases = listLeases(sqlite);
  const held = leases.find((lease) => isHeld(lease, holder, nowMs, isAlive));
  if (held) return `${nameLease(held)} has a lease on it`;
  if (leases.length > 0) takeLease({ sqlite, isAlive }, holder, nowMs);
  const before = readColumns(sqlite);
  migrate(sqlite, MIGRATIONS);
  fillNewMembers(sqlite, findNewMembers(before, readColumns(sqlite)), say);
  releaseLease(sqlite, holder.id);
  return undefined;
}
