import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { cutPage } from '../../db/read-keyset.ts';
import { type StatusCounts, sumByStatus } from '../shared/status-counts.ts';

/** A document that was run, with the numbers of its invocations by status. */
export interface DocumentView {
  documentName: string;
  firstRequestedOn: string | null;
  lastRequestedAt: string | null;
  invocations: number;
  byStatus: StatusCounts;
}

export interface DocumentsQuery {
  accountId?: string | undefined;
  region?: string | undefined;
  limit: number;
  /** The last document name of the previous page. */
  after?: string | undefined;
}

interface Row {
  documentName: string;
  status: string | null;
  count: number;
  firstDay: string | null;
}

/** A page of documents, sorted by name. Their numbers are summed from the daily counts. */
export function listDocuments(
  sqlite: Database,
  query: DocumentsQuery,
): { items: DocumentView[]; next: string | undefined } {
  const { accountId = null, region = null, limit, after = null } = query;
  return sqlite.transaction(() => {
    const where = `document_name IS NOT NULL AND invocations > 0 AND (:accountId IS NULL OR account_id = :accountId)
      AND (:region IS NULL OR region = :region)`;
    const rows = prepareOnce<[object], Row>(
      sqlite,
      `WITH names AS (
         SELECT DISTINCT document_name FROM daily_counts
          WHERE ${where} AND (:after IS NULL OR document_name > :after) ORDER BY 1 LIMIT :limit
       )
       SELECT document_name AS documentName, status, sum(invocations) AS count, min(day) AS firstDay
         FROM daily_counts WHERE ${where} AND document_name IN (SELECT document_name FROM names)
        GROUP BY document_name, status ORDER BY document_name, status`,
    ).all({ accountId, region, after, limit: limit + 1 });
    const last = prepareOnce<[object], { at: string | null }>(
      sqlite,
      `SELECT requested_at AS at FROM invocations INDEXED BY invocations_document WHERE document_name = :documentName
          AND (:accountId IS NULL OR account_id = :accountId) AND (:region IS NULL OR region = :region)
        ORDER BY requested_at DESC LIMIT 1`,
    );
    const found = [...new Set(rows.map(({ documentName }) => documentName))];
    const { rows: names, next } = cutPage(found, limit, (name) => name);
    const items = names.map((documentName) => {
      const own = rows.filter((row) => row.documentName === documentName);
      const days = own.flatMap(({ firstDay }) => firstDay ?? []).sort();
      return {
        documentName,
        firstRequestedOn: days[0] ?? null,
        lastRequestedAt: last.get({ documentName, accountId, region })?.at ?? null,
        ...sumByStatus(own),
      };
    });
    return { items, next };
  })();
}
