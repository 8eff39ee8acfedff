import type { Database } from 'better-sqlite3';
import { type Condition, joined } from '../../db/condition.ts';
import { prepareOnce } from '../../db/prepare-once.ts';
import { readKeyset } from '../../db/read-keyset.ts';
import type { KeyOrder } from '../../lib/keyset.ts';
import { sealedWalk } from '../sealed/sealed-values.ts';
import { wholeFrom } from '../sealed/whole-from.ts';
import { type StatusCounts, sumByStatus } from '../shared/status-counts.ts';

/** A document that was run, with the numbers of its invocations by status. */
export interface DocumentView {
  documentName: string;
  firstRequestedOn: string | null;
  /** The last day (UTC) on which it ran, in sealed days too. The time is known only of the rows in the file. */
  lastRequestedOn: string | null;
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
  lastDay: string | null;
}

const ORDER: KeyOrder = [{ sql: 'document_name' }];

/** A page of documents, sorted by name. Their numbers are summed from the daily counts. */
export function listDocuments(
  sqlite: Database,
  query: DocumentsQuery,
): { items: DocumentView[]; next: string | undefined } {
  const { limit, after } = query;
  const ofPlace = conditionsOf(query);
  return sqlite.transaction(() => {
    const counted: Condition[] = [{ sql: 'document_name IS NOT NULL AND invocations > 0', params: [] }, ...ofPlace];
    const { rows: names, next } = readKeyset<{ documentName: string }, readonly [name: string]>(sqlite, {
      order: ORDER,
      streams: [{ select: 'DISTINCT document_name AS documentName', from: 'daily_counts', conditions: counted }],
      positionOf: ({ documentName }) => [documentName],
      after: after === undefined ? undefined : [after],
      limit,
    });
    const wanted = JSON.stringify(names.map(({ documentName }) => documentName));
    const { sql, params } = joined([
      ...counted,
      { sql: 'document_name IN (SELECT value FROM json_each(?))', params: [wanted] },
    ]);
    const rows = prepareOnce<unknown[], Row>(
      sqlite,
      `SELECT document_name AS documentName, status, sum(invocations) AS count, min(day) AS firstDay, max(day) AS lastDay
         FROM daily_counts WHERE ${sql} GROUP BY document_name, status ORDER BY document_name, status`,
    ).all(...params);
    const items = names.map(({ documentName }) => {
      const own = rows.filter((row) => row.documentName === documentName);
      const days = own.flatMap(({ firstDay, lastDay }) => (firstDay && lastDay ? [firstDay, lastDay] : [])).sort();
      return {
        documentName,
        firstRequestedOn: days[0] ?? null,
        lastRequestedOn: days.at(-1) ?? null,
        lastRequestedAt: lastRequestOf(sqlite, documentName, ofPlace),
        ...sumByStatus(own),
      };
    });
    return { items, next: next?.[0] };
  })();
}

/**
 * The first day from which a list of documents is whole; undefined if nothing is missing. Daily counts know all numbers:
 * only the last run of a document may be missing, if no day since the floor has one.
 */
export function documentsWholeFrom(
  sqlite: Database,
  query: Pick<DocumentsQuery, 'accountId' | 'region'>,
): string | undefined {
  const floor = wholeFrom(sqlite);
  if (floor === undefined) return undefined;
  const ofPlace = conditionsOf(query);
  const sealed = sealedWalk(sqlite, 'documentName');
  for (let name = sealed.from(''); name !== undefined; name = sealed.after(name))
    if ((lastRequestOf(sqlite, name, ofPlace) ?? '') < floor) return floor;
  return undefined;
}

function conditionsOf({ accountId, region }: Pick<DocumentsQuery, 'accountId' | 'region'>): Condition[] {
  return [
    ...(accountId === undefined ? [] : [{ sql: 'account_id = ?', params: [accountId] }]),
    ...(region === undefined ? [] : [{ sql: 'region = ?', params: [region] }]),
  ];
}

function lastRequestOf(sqlite: Database, documentName: string, ofPlace: readonly Condition[]): string | null {
  const { sql, params } = joined([{ sql: 'document_name = ?', params: [documentName] }, ...ofPlace]);
  const last = prepareOnce<unknown[], { at: string | null }>(
    sqlite,
    `SELECT requested_at AS at FROM invocations INDEXED BY invocations_document WHERE ${sql}
      ORDER BY requested_at DESC LIMIT 1`,
  );
  return last.get(...params)?.at ?? null;
}
