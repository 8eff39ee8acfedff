import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import type { SourceKey } from '../../model/observed-invocation.ts';

/** Each account and region that the archive has data of, or that is owed, in order. */
export function listPlaces(sqlite: Database): SourceKey[] {
  return prepareOnce<[], SourceKey>(
    sqlite,
    `SELECT account_id AS accountId, region FROM coverage
     UNION SELECT account_id, region FROM run_sources WHERE account_id IS NOT NULL
     UNION SELECT account_id, region FROM owed_sources WHERE account_id IS NOT NULL AND region IS NOT NULL ORDER BY 1, 2`,
  ).all();
}
