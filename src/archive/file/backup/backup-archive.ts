import { randomUUID } from 'node:crypto';
import { open, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import SQLite, { type Database } from 'better-sqlite3';
import { tileStore } from '../../../ledger/tiles/tile-store.ts';
import { treeRoot } from '../../../ledger/tree/tree-root.ts';
import { explainTooManyFiles } from '../../../lib/errors/explain-too-many-files.ts';
import { findPathFault, pathFault } from '../../../lib/errors/path-fault.ts';
import { UserFault } from '../../../lib/errors/user-fault.ts';
import { removeFiles } from '../../../lib/files/remove-files.ts';
import { syncFile } from '../../../lib/files/sync-file.ts';
import { syncFolder } from '../../../lib/files/sync-folder.ts';
import { newestCheckpoint } from '../../checkpoints/make-checkpoint.ts';

export interface BackupQuestion {
  /** The path of the copy. No file may exist there yet. */
  target: string;
  signal: AbortSignal;
  onProgress(progress: { pages: number; of: number }): void;
  /** Throws if the archive was written to during the backup. Needed only if the archive is read without a lock. */
  confirm?: (() => void) | undefined;
}

/** What a backup contains: the archive as it was when the backup began. */
export interface Backup {
  bytes: number;
  leaves: number;
  root: string;
  checkpoint: { size: number; madeAt: string } | undefined;
}

/** 8 MiB: small enough that the process soon notices Ctrl-C. */
const PAGES_AT_ONCE = 1024;

/**
 * Copies an archive in its present state, even while others write to it. Checks the copy before renaming it to
 * `target`. Always removes its temporary files. `source` is a read-only connection that nothing else uses. Throws
 * UserFault if the copy differs from the archive or can't be written. Throws the reason of `signal` if it aborts.
 */
export async function backupArchive(
  source: Database,
  { target, signal, onProgress, confirm }: BackupQuestion,
): Promise<Backup> {
  const temporary = `${target}.${randomUUID()}.tmp`;
  // Copy within a transaction. Without one, SQLite starts again after each page that a collector writes.
  source.exec('BEGIN');
  try {
    const whole = ledgerOf(source);
    // Give the copy the archive's mode: users who may not read the archive must not be able to read its copy.
    await (await open(temporary, 'wx', (await stat(source.name)).mode & 0o777)).close();
    await source.backup(temporary, {
      progress({ totalPages, remainingPages }) {
        signal.throwIfAborted();
        onProgress({ pages: totalPages - remainingPages, of: totalPages });
        return PAGES_AT_ONCE;
      },
    });
    signal.throwIfAborted();
    checkCopy(temporary, whole);
    const bytes = await syncFile(temporary);
    signal.throwIfAborted();
    confirm?.();
    await rename(temporary, target);
    await syncFolder(dirname(target));
    const { note, ...rest } = whole;
    return { ...rest, bytes };
  } catch (error) {
    throw explain(target, error);
  } finally {
    source.exec('ROLLBACK');
    removeFiles(['', '-wal', '-shm', '-journal'].map((end) => temporary + end));
  }
}

function ledgerOf(sqlite: Database) {
  const { read, size } = tileStore(sqlite);
  const leaves = size();
  const checkpoint = newestCheckpoint(sqlite);
  return {
    leaves,
    root: treeRoot(read, leaves).toString('base64'),
    checkpoint: checkpoint && { size: checkpoint.size, madeAt: checkpoint.madeAt },
    note: checkpoint?.note,
  };
}

/** Checks the copy through a connection that may write, so that closing it removes the copy's -wal and -shm. */
function checkCopy(path: string, whole: ReturnType<typeof ledgerOf>): void {
  const copy = new SQLite(path, { fileMustExist: true });
  try {
    const found = copy.prepare('PRAGMA quick_check(1)').pluck().get();
    if (found !== 'ok') throw new UserFault(unfit(`SQLite finds it damaged: ${String(found)}`));
    if (JSON.stringify(ledgerOf(copy)) !== JSON.stringify(whole)) throw new UserFault(unfit('its ledger differs'));
    // Without WAL mode, users who may only read can open the copy, even in a read-only folder.
    if (copy.pragma('journal_mode = DELETE', { simple: true }) !== 'delete')
      throw new UserFault(unfit('it cannot be taken out of WAL mode'));
  } finally {
    copy.close();
  }
}

function unfit(why: string): string {
  return `The copy differs from the archive, and was not kept (${why}). Run "ssm-archive verify" and "ssm-archive doctor", and keep your earlier backups.`;
}

function explain(target: string, error: unknown): unknown {
  const tooManyFiles = explainTooManyFiles(error);
  if (tooManyFiles !== undefined) return new UserFault(`${target} can't be written. ${tooManyFiles}`, { cause: error });
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOSPC' || code === 'SQLITE_FULL')
    return new UserFault(
      `The disk is full: ${target} was not written, and its temporary files were removed. Free some space.`,
      {
        cause: error,
      },
    );
  // Errors during SQLite's copying have a message, but no code.
  const isCannotOpen = error instanceof Error && error.message === 'unable to open database file';
  const isRefused = code === 'SQLITE_CANTOPEN' || code === 'SQLITE_READONLY' || isCannotOpen;
  const fault = isRefused ? findPathFault(target, 'write') : pathFault(target, error, 'write');
  if (fault === undefined && !isRefused) return error;
  const why = fault === undefined ? '' : `: ${fault}`;
  return new UserFault(`The backup can't be written${why}. Name a file in a folder where this user may write.`, {
    exitCode: 2,
    cause: error,
  });
}
