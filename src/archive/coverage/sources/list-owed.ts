import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../../db/prepare-once.ts';
import type { OwedSource } from './owed-source.ts';

/** All sources that were ever owed, including ended ones, with their names and when they became owed. */
export function listOwed(sqlite: Database): OwedSource[] {
  return prepareOnce<[], OwedSource>(
    sqlite,
    `SELECT id, alias, account_id AS accountId, region, since_at AS sinceAt, ended_at AS endedAt, ended_by AS endedBy,
            end_reason AS endReason, is_double AS isDouble FROM main.owed_sources ORDER BY alias, region, account_id, id`,
  ).all();
}
