import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../db/prepare-once.ts';

/** How many of the newest outputs a search does not look at yet; see indexOutputs. It reads those alone, of which few are left at any time. */
export function countUnsearchable(sqlite: Database): number {
  const left = prepareOnce<[], { count: number }>(
    sqlite,
    'SELECT count(*) AS count FROM outputs WHERE id > (SELECT coalesce(max(id), 0) FROM outputs_fts_docsize)',
  ).get();
  return left?.count ?? 0;
}
