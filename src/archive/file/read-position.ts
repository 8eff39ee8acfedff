import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';

/** Up to where the archive was written at a moment. */
export interface ArchivePosition {
  /** The newest revision; 0 if there is none. */
  revisionSeq: number;
  /** The last pass that has ended. */
  lastRun: { id: number; outcome: string; finishedAt: string } | null;
  /** Changes whenever another connection has recorded anything. */
  version: number;
}

/** The archive's position now. It takes the same few reads for an archive of any size. */
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
