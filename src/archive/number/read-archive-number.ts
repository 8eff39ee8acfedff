import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';

/** Returns the number of an archive among those that share a lake. The first has 0, and so has one that was never given a number. */
export function readArchiveNumber(sqlite: Database): number {
  return prepareOnce<[], number>(sqlite, 'SELECT number FROM main.archive_numbers').pluck().get() ?? 0;
}
