import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';

/**
 * How many outputs a search cannot find yet: outputs that are not indexed, and outputs that an older version indexed
 * without decoding UTF-16 (see indexOutputs). Reads only the numbers of these outputs.
 */
export function countUnsearchable(sqlite: Database): number {
  const left = prepareOnce<[], { count: number }>(
    sqlite,
    `SELECT (SELECT count(*) FROM outputs WHERE id > (SELECT coalesce(max(id), 0) FROM outputs_fts_docsize))
          + (SELECT count(*) FROM outputs_to_decode d JOIN outputs o ON o.id BETWEEN d.first_id AND d.last_id) AS count`,
  ).get();
  return left?.count ?? 0;
}
