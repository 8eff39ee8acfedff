import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../db/prepare-once.ts';

/** How many of the newest outputs a search does not look at yet; see indexOutputs. Two looks at the ends of indexes. */
export function countUnsearchable(sqlite: Database): number {
  const ends = prepareOnce<unknown[], { outputs: number; indexed: number }>(
    sqlite,
    `SELECT (SELECT coalesce(max(id), 0) FROM outputs) AS outputs,
            (SELECT coalesce(max(id), 0) FROM outputs_fts_docsize) AS indexed`,
  ).get();
  return ends ? Math.max(0, ends.outputs - ends.indexed) : 0;
}
