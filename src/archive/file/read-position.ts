import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';

/** Up to where the archive had been written at a moment. */
export interface ArchivePosition {
  /** The newest revision; 0 where there is none. */
  revisionSeq: number;
  /** The last pass that has ended. */
  lastRun: { id: number; outcome: string; finishedAt: string } | null;
  /** Another number once anything was recorded by another connection than this one. */
  version: number;
}

/** The archive's position now. Takes the same few reads at any size. */
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
