import SQLite, { type Database } from 'better-sqlite3';
import { isMigrated } from '../../db/migrate.ts';
import { MIGRATIONS } from '../../db/open.ts';
import { noteOpenHere } from '../../db/reading/open-here.ts';
import { turnWalOn } from '../../db/turn-wal-on.ts';
import { UserFault } from '../../lib/errors/user-fault.ts';
import { findOpeners, nameOpeners } from '../../lib/files/find-openers.ts';
import { SECOND_MS, sleep } from '../../lib/time.ts';
import { isArchive, type MigrateDeps, migrateExisting } from './migrate-archive.ts';
import { refuseUnwritable } from './refuse-unwritable.ts';

export interface ReadyOptions extends MigrateDeps {
  /** Whether to migrate an archive of an older version to this version's schema. If not, opening it is refused. */
  migrates?: boolean | undefined;
}

/** Keeps an archive ready for writing. The caller releases it after opening the archive itself. */
export interface Ready {
  release(): void;
}

const BUSY_TIMEOUT_MS = 30 * SECOND_MS;
const PAUSE_MS = 200;
const NOTHING: Ready = { release() {} };

/**
 * Waits without a time limit until an archive can be opened for writing: it can't while somebody reads it in rollback
 * mode. Does not wait if the file is not an archive or can't be written to: opening it will say why. Throws UserFault
 * if the archive can't be migrated, or if `signal` aborts.
 */
export async function readyToWrite(path: string, { migrates = false, ...deps }: ReadyOptions): Promise<Ready> {
  if (!isArchive(path)) return NOTHING;
  refuseUnwritable(path);
  let sqlite: Database | undefined;
  try {
    if (migrates) await migrateExisting(path, deps);
    sqlite = new SQLite(path, { fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
    // Change nothing in an archive of another version, not even its journal mode.
    if (!isMigrated(sqlite, MIGRATIONS)) return NOTHING;
    sqlite.pragma('busy_timeout = 0');
    await waitForReaders(sqlite, deps);
    const ready = sqlite;
    const forget = noteOpenHere(path, 'usual');
    sqlite = undefined;
    return {
      release() {
        if (!ready.open) return;
        ready.close();
        forget();
      },
    };
  } catch (error) {
    if (error instanceof SQLite.SqliteError) return NOTHING;
    throw error;
  } finally {
    sqlite?.close();
  }
}

async function waitForReaders(sqlite: Database, { say, signal }: MigrateDeps): Promise<void> {
  let isTold = false;
  while (!turnWalOn(sqlite)) {
    if (signal.aborted) throw new UserFault(`Stopped while it waited for the processes that read ${sqlite.name}.`);
    if (!isTold)
      say(
        `${sqlite.name} is being read by ${nameOpeners(findOpeners(sqlite.name))}. Waiting until that has ended; nothing is written until then.`,
      );
    isTold = true;
    await sleep(PAUSE_MS, signal);
  }
}
