import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import type { InstanceKey } from './list-instances.ts';
import { TOOK_MS } from './read-run-times.ts';

/**
 * One run of a document on a node. `tookMs` is the time from the start of its first step to the end of its last step.
 */
export interface RecentRun {
  documentName: string | null;
  commandId: string;
  requestedAt: string | null;
  status: string | null;
  tookMs: number | null;
}

/**
 * A node's newest runs of each document, at most a given number for each document: sorted by document, then oldest
 * first.
 */
export function listRecentRuns(sqlite: Database, query: RecentRunsQuery): RecentRun[] {
  return readRecentRuns(sqlite, query).map(({ id: _, ...run }) => run);
}

export interface RecentRunsQuery {
  key: InstanceKey;
  perDocument: number;
}

/** Like listRecentRuns; each run has the id of its invocation, which orders runs of the same time. */
export function readRecentRuns(
  sqlite: Database,
  { key, perDocument }: RecentRunsQuery,
): (RecentRun & { id: number })[] {
  return prepareOnce<[object], RecentRun & { id: number }>(
    sqlite,
    `WITH ranked AS (
       SELECT id, document_name, row_number() OVER (PARTITION BY document_name ORDER BY requested_at DESC, id DESC) AS rank
         FROM invocations INDEXED BY invocations_instance
        WHERE instance_id = :instanceId AND account_id = :accountId AND region = :region
     )
     SELECT i.id, i.document_name AS documentName, i.command_id AS commandId, i.requested_at AS requestedAt, i.status, ${TOOK_MS} AS tookMs
       FROM ranked JOIN invocations i ON i.id = ranked.id
      WHERE ranked.rank <= :perDocument ORDER BY i.document_name, ranked.rank DESC`,
  ).all({ ...key, perDocument });
}
