import { eq } from 'drizzle-orm';
import type { ArchiveDb } from '../db/open.ts';
import { runSources, runs } from '../db/schema.ts';

/** A pass as the archive has it: `sources` are those that have ended. */
export type RecordedRun = typeof runs.$inferSelect & { sources: (typeof runSources.$inferSelect)[] };

/** The pass with this id, or undefined. */
export function readRun({ orm }: ArchiveDb, id: number): RecordedRun | undefined {
  const run = orm.select().from(runs).where(eq(runs.id, id)).get();
  return run && { ...run, sources: orm.select().from(runSources).where(eq(runSources.runId, id)).all() };
}

/** The newest pass, or undefined. Only that one can be running. */
export function readNewestRun(db: ArchiveDb): RecordedRun | undefined {
  const id = db.sqlite.prepare<[], number | null>('SELECT max(id) FROM runs').pluck().get();
  return typeof id === 'number' ? readRun(db, id) : undefined;
}
