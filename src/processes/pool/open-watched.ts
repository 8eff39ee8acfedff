import { randomBytes } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { openArchive, openExistingArchive } from '../../archive/file/open-archive.ts';
import { type FileWatch, watchFile } from '../../archive/file/watch-file.ts';
import { type ArchiveDb, openArchiveReadOnly } from '../../db/open.ts';
import { openSteady } from '../../db/open-steady.ts';
import { identifyFile, isSameFile } from '../../lib/files/identify-file.ts';
import type { Logger } from '../../lib/logger.ts';
import { programPath } from '../../lib/process/program-path.ts';
import { proveSameFile } from './prove-same-file.ts';
import type { ReaderProgram } from './start-reader.ts';

interface OpenWatchedDeps {
  path: string;
  log: Logger;
  /** Called with the progress while the states of an archive from before the ledger are added to the ledger. */
  onProgress?: Parameters<typeof openArchive>[1];
  /** The program of a reading process; by default the built one beside this program. */
  program?: ReaderProgram | undefined;
  /** Returns which files are at a path. */
  identify?: typeof identifyFile | undefined;
}

/** An archive that stays open until the process ends. */
export interface WatchedArchive {
  db: ArchiveDb;
  /** A second connection to the same file, which only reads. */
  archive: ArchiveDb;
  /** Whether the open file is still the one at the path. */
  file: FileWatch;
  /** Returns the connection that writes to the file at the path as it is now. */
  writer(): Database;
  /**
   * Calls `listener` when the file was opened again because its device or inode number has changed. Then all other
   * connections must be opened again too.
   */
  onReopened(listener: () => void): void;
  close(): void;
}

/**
 * Opens the archive for writing and for reading, makes it if it is missing, and watches that its file stays at its
 * path.
 */
export function openWatched({
  path,
  log,
  onProgress,
  program = { path: programPath('reader') },
  identify = identifyFile,
}: OpenWatchedDeps): WatchedArchive {
  const { opened, identity } = openSteady(path, () => openBoth(path, onProgress), identify);
  const { db, archive } = opened;
  const listeners: (() => void)[] = [];
  /** The archive's connection after the file was opened again, with another device or inode number than at first. */
  let reopened: ArchiveDb | undefined;
  const writer = () => (reopened ?? db).sqlite;
  const file = watchFile({
    ...{ path, opened: identity, log },
    identify: () => identify(path),
    prove: () => proveSameFile({ sqlite: writer(), path, program, random: randomBytes }),
    reopen() {
      // Locks work only between connections that opened the file with the same device and inode numbers. These change
      // when an overlay is mounted again. A pass with other numbers would not wait for writes of this process. It would
      // also take itself for the last connection, and delete the -wal.
      reopened?.close();
      reopened = undefined;
      reopened = openExistingArchive(path);
      for (const listener of listeners) listener();
    },
    monotonicMs: () => performance.now(),
  });
  return {
    ...{ db, archive, file, writer },
    onReopened: (listener) => void listeners.push(listener),
    close() {
      if (reopened) {
        // Other processes may have the -wal open with the new numbers, which connections with the old numbers do not
        // notice: the last of these would delete the -wal when it closes. So `archive` closes after `db`: a connection
        // that only reads can't delete it.
        db.close();
        archive.close();
        reopened.close();
        return;
      }
      archive.close();
      if (!isSameFile(identify(path), file.known())) leaveNothingInWal(db);
      db.close();
    },
  };
}

function openBoth(path: string, onProgress: OpenWatchedDeps['onProgress']) {
  const db = openArchive(path, onProgress);
  try {
    const archive = openArchiveReadOnly(path);
    // SQLite opens -wal and -shm at the first read. If that came later, SQLite might find other files at their paths,
    // or make new ones.
    archive.sqlite.pragma('schema_version');
    return {
      ...{ db, archive },
      // Another file may be at the path by now, and its -wal must not be removed here.
      close() {
        archive.close();
        db.sqlite.close();
        db.close();
      },
    };
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Writes the -wal into the archive's file before the connection is closed. SQLite does this itself only if the file is
 * still at its path. If the file was renamed without its -wal, the file would lack its last changes, and SQLite would
 * write them into whatever file is opened at that path next.
 */
function leaveNothingInWal({ sqlite }: ArchiveDb): void {
  try {
    sqlite.pragma('busy_timeout = 0');
    sqlite.pragma('wal_checkpoint(TRUNCATE)');
  } catch {
    // The file may be damaged, or the disk full. Then the rest stays in the -wal.
  }
}
