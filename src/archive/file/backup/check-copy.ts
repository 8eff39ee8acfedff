import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { isMigrated } from '../../../db/migrate.ts';
import { parseCheckpoint } from '../../../ledger/notes/checkpoint.ts';
import { parseNote } from '../../../ledger/notes/signed-note.ts';
import { tileStore } from '../../../ledger/tiles/tile-store.ts';
import { treeRoot } from '../../../ledger/tree/tree-root.ts';
import { UserFault } from '../../../lib/errors/user-fault.ts';
import { packageRoot } from '../../../lib/process/package-root.ts';
import { newestCheckpoint } from '../../checkpoints/make-checkpoint.ts';
import { hasLedger } from './read-reach.ts';

/**
 * Checks the copy of a backup before it may replace an archive: SQLite must find nothing wrong, this version must know
 * its tables, and its newest checkpoint must fit its ledger. Throws UserFault if not. Migrates nothing.
 */
export function checkCopy(sqlite: Database, backup: string): void {
  const found = sqlite.prepare('PRAGMA quick_check(1)').pluck().get();
  if (found !== 'ok') throw unfit(backup, `SQLite finds it damaged: ${String(found)}`);
  try {
    isMigrated(sqlite, join(packageRoot(), 'migrations'));
  } catch (error) {
    if (!(error instanceof UserFault)) throw error;
    const lines = error.lines.map((line) => line.replaceAll(sqlite.name, backup));
    throw new UserFault(lines, { exitCode: 2, cause: error });
  }
  const newest = hasLedger(sqlite) ? newestCheckpoint(sqlite) : undefined;
  if (newest === undefined) return;
  const { read, size } = tileStore(sqlite);
  const signed = parseCheckpoint(parseNote(newest.note).text);
  if (signed.size > size() || !treeRoot(read, signed.size).equals(signed.root))
    throw unfit(backup, 'its newest checkpoint does not fit its ledger');
}

function unfit(backup: string, why: string): UserFault {
  return new UserFault(
    `${backup} is not a whole archive, and was not put in place (${why}). Nothing was changed. Take an older backup.`,
  );
}
