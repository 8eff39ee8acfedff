import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';

/**
 * The table that only an index of a lake has: a file that is no archive, but says which days all archives of a lake have sealed,
 * and what manifests say of these. A server over a lake alone reads it as others read an archive.
 */
export const INDEX_TABLE = 'lake_archives';

/** Whether a connection is to such a file. */
export function isLakeIndex(sqlite: Database): boolean {
  return prepareOnce(sqlite, 'SELECT 1 FROM main.sqlite_schema WHERE name = ?').get(INDEX_TABLE) !== undefined;
}

/**
 * The objects with the commands of months, as JSON, of an index. A month is written when it is over, so that the last ones are
 * not in the lake.
 */
export function readMonths(sqlite: Database): string[] {
  if (!isLakeIndex(sqlite)) return [];
  return prepareOnce<[], string>(sqlite, 'SELECT object_json FROM main.lake_months ORDER BY month, archive')
    .pluck()
    .all();
}
