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
  /** Told of an archive that is brought into its ledger. */
  onProgress?: Parameters<typeof openArchive>[1];
  /** The program that reads, by default the one that is built beside this one. */
  program?: ReaderProgram | undefined;
  /** Which files are at a path. */
  identify?: typeof identifyFile | undefined;
}

/** An archive that is open for as long as a process lives. */
export interface WatchedArchive {
  db: ArchiveDb;
  /** The same file, on a connection that only reads. */
  archive: ArchiveDb;
  /** Whether that file is still the one at the path. */
  file: FileWatch;
  /** The connection that writes: by the path as it is now. */
  writer(): Database;
  /** Has `listener` told when the file was opened again, because it has other numbers now. What is open elsewhere must be, too. */
  onReopened(listener: () => void): void;
  close(): void;
}

/** Opens the archive for writing and for reading, makes it where it is missing, and watches that its file stays at its path. */
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
  /** The archive as it was opened last, under other numbers than at first. */
  let reopened: ArchiveDb | undefined;
  const writer = () => (reopened ?? db).sqlite;
  const file = watchFile({
    ...{ path, opened: identity, log },
    identify: () => identify(path),
    prove: () => proveSameFile({ sqlite: writer(), path, program, random: randomBytes }),
    reopen() {
      // Locks hold between those alone that have opened it under the same numbers, as on an overlay that was mounted again: a pass
      // would neither wait for what is written here, nor know that it is not the last one, which deletes the -wal.
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
        // The one that only reads can't delete the -wal, which others may have open under the new numbers: so it is the last.
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
    // SQLite opens -wal and -shm with the first read. Later it might find others at their paths, or make them.
    archive.sqlite.pragma('schema_version');
    return {
      ...{ db, archive },
      // Another file may be at the path by now, whose -wal is not this one's to remove.
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
 * At its end SQLite brings the -wal into a file that is at its path, and into no other. A file that was renamed without its -wal
 * would lack the last pages then, and a file that lies in its place would get them at its next opening.
 */
function leaveNothingInWal({ sqlite }: ArchiveDb): void {
  try {
    sqlite.pragma('busy_timeout = 0');
    sqlite.pragma('wal_checkpoint(TRUNCATE)');
  } catch {
    // What is in it stays there: the file may be damaged, or the disk full.
  }
}
