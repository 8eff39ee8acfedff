import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { filterOfKey } from '../invocations/invocation-filter.ts';
import type { InvocationView } from '../invocations/invocation-view.ts';
import { listInvocations, type Position } from '../invocations/list-invocations.ts';
import { type InstanceKey, type InstanceView, readInstances } from './list-instances.ts';

/** A node with all names that it has had, what ran on it, and a page of its invocations, newest first. */
export interface InstanceDetail extends InstanceView {
  names: string[];
  documents: { documentName: string | null; invocations: number; lastRequestedAt: string | null }[];
  items: InvocationView[];
  next: Position | undefined;
}

/** One node's history; undefined if the archive has no invocation on it. */
export function getInstance(
  sqlite: Database,
  { key, limit, after }: { key: InstanceKey; limit: number; after?: Position | undefined },
): InstanceDetail | undefined {
  const instance = readInstances(sqlite, key.instanceId).find(
    ({ accountId, region }) => accountId === key.accountId && region === key.region,
  );
  if (!instance) return undefined;
  const of = 'invocations INDEXED BY invocations_instance WHERE instance_id = ? AND account_id = ? AND region = ?';
  const params = [key.instanceId, key.accountId, key.region];
  const names = prepareOnce<unknown[], { name: string }>(
    sqlite,
    `SELECT instance_name AS name FROM ${of} AND instance_name IS NOT NULL GROUP BY 1 ORDER BY max(requested_at) DESC`,
  );
  const documents = prepareOnce<unknown[], InstanceDetail['documents'][number]>(
    sqlite,
    `SELECT document_name AS documentName, count(*) AS invocations, max(requested_at) AS lastRequestedAt FROM ${of}
      GROUP BY 1 ORDER BY 2 DESC, 1`,
  );
  const { items, next } = listInvocations(sqlite, {
    filter: filterOfKey(key),
    sort: 'requestedAt',
    isDescending: true,
    include: 'none',
    limit,
    after,
  });
  return {
    ...instance,
    names: names.all(...params).map(({ name }) => name),
    documents: documents.all(...params),
    items,
    next,
  };
}
