import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';

/** The newest records in an archive at one moment. */
export interface ArchivePosition {
  /** The number of the newest revision; 0 if there is none. */
  revisionSeq: number;
  /** The last pass that has ended. */
  lastRun: { id: number; outcome: string; finishedAt: string } | null;
  /** Changes whenever another connection has recorded anything. */
  version: number;
}

/** The archive's present position. Equally fast for an archive of any size. */
export function readPosition(sqlite: Database): ArchivePosition {
  return sqlite.transaction((): ArchivePosition => {
    const version = Number(sqlite.pragma('data_version', { simple: true }));
    const revisionSeq =
      prepareOnce<[], number>(sqlite, 'SELECT coalesce(max(seq), 0) FROM revisions').pluck().get() ?? 0;
    const lastRun = prepareOnce<[], NonNullable<ArchivePosition['lastRun']>>(
      sqlite,
      'SELECT id, outcome, finished_at AS finishedAt FROM runs WHERE finished_at IS NOT NULL ORDER BY id DESC LIMIT 1',
    ).get();
    return { revisionSeq, lastRun: lastRun ?? null, version };
  })();
}
