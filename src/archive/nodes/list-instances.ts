import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { cutPage } from '../../db/read-keyset.ts';
import { comparePositions, type KeyOrder } from '../../lib/keyset.ts';
import type { SourceKey } from '../../model/observed-invocation.ts';
import { type StatusCount, type StatusCounts, sumByStatus } from '../shared/status-counts.ts';
import { instanceIds } from './instance-ids.ts';

/** What identifies a managed node. */
export interface InstanceKey {
  accountId: string;
  region: string;
  instanceId: string;
}

/**
 * A managed node, with the numbers of its invocations by status. `instanceName` comes from its newest invocation. Names,
 * times and numbers are of the invocations in the file. If all invocations of a node are sealed, it has no names, no
 * times and no numbers, and only its last day is known.
 */
export interface InstanceView extends InstanceKey {
  instanceName: string | null;
  firstRequestedAt: string | null;
  /** The last day (UTC) on which it ran, in sealed days too. The time is known only of the rows in the file. */
  lastRequestedOn: string | null;
  lastRequestedAt: string | null;
  invocations: number;
  byStatus: StatusCounts;
}

export type InstancePosition = readonly [instanceId: string, accountId: string, region: string];

export interface InstancesQuery {
  accountId?: string | undefined;
  region?: string | undefined;
  /** Only this id and later ones are listed. */
  from?: string | undefined;
  limit: number;
  after?: InstancePosition | undefined;
}

export interface InstancePage {
  items: InstanceView[];
  next: InstancePosition | undefined;
}

interface Row extends InstanceKey, StatusCount {
  firstRequestedAt: string | null;
  lastRequestedAt: string | null;
}

const ORDER: KeyOrder = [{ sql: 'instance_id' }, { sql: 'account_id' }, { sql: 'region' }];

/**
 * A page of nodes in the order of their ids. It does not use readKeyset, because the file has no rows of nodes: a
 * SELECT would have to group all invocations. Here the index is read node by node, so a page reads only the rows of its
 * own nodes.
 */
export function listInstances(sqlite: Database, query: InstancesQuery): InstancePage {
  const { accountId, region, from = '', limit, after } = query;
  return sqlite.transaction((): InstancePage => {
    const ids = instanceIds(sqlite);
    const found: InstanceView[] = [];
    // Several accounts and regions may have a node with the same id, and the previous page may have ended between them.
    let id = after?.[0] ?? (from === '' ? ids.after('') : ids.from(from));
    for (; id !== undefined && found.length <= limit; id = ids.after(id)) {
      const instances = readInstances(sqlite, id).filter(
        (instance) =>
          (accountId === undefined || instance.accountId === accountId) &&
          (region === undefined || instance.region === region) &&
          (!after || comparePositions(ORDER, positionOf(instance), after) > 0),
      );
      found.push(...instances);
    }
    const { rows, next } = cutPage(found, limit, positionOf);
    return { items: rows, next };
  })();
}

/** The nodes with that id, by account and region. There is nearly always only one. */
export function readInstances(sqlite: Database, instanceId: string): InstanceView[] {
  const rows = prepareOnce<[string], Row>(
    sqlite,
    `SELECT account_id AS accountId, region, instance_id AS instanceId, status, count(*) AS count,
            min(requested_at) AS firstRequestedAt, max(requested_at) AS lastRequestedAt
       FROM invocations INDEXED BY invocations_instance WHERE instance_id = ?
      GROUP BY account_id, region, status ORDER BY account_id, region, status`,
  ).all(instanceId);
  const nameOf = prepareOnce<unknown[], { name: string | null }>(
    sqlite,
    `SELECT instance_name AS name FROM invocations INDEXED BY invocations_instance
      WHERE instance_id = ? AND account_id = ? AND region = ? ORDER BY requested_at DESC, id DESC LIMIT 1`,
  );
  const sealed = prepareOnce<[string], SourceKey & { lastDay: string }>(
    sqlite,
    `SELECT account_id AS accountId, region, last_day AS lastDay FROM sealed_values WHERE kind = 'instanceId' AND value = ?`,
  ).all(instanceId);
  const keys = [...rows, ...sealed].map(({ accountId, region }): SourceKey => ({ accountId, region }));
  const places = new Map(keys.map((key) => [JSON.stringify([key.accountId, key.region]), key]));
  const inOrder = [...places.values()].sort((a, b) => compare(a.accountId, b.accountId) || compare(a.region, b.region));
  return inOrder.map(({ accountId, region }) => {
    const own = rows.filter((row) => row.accountId === accountId && row.region === region);
    const sealedDays = sealed.flatMap((row) =>
      row.accountId === accountId && row.region === region ? [row.lastDay] : [],
    );
    const times = (member: 'firstRequestedAt' | 'lastRequestedAt') =>
      own.flatMap((row) => row[member] ?? []).sort((a, b) => (a < b ? -1 : 1));
    return {
      accountId,
      region,
      instanceId,
      instanceName: nameOf.get(instanceId, accountId, region)?.name ?? null,
      firstRequestedAt: times('firstRequestedAt')[0] ?? null,
      lastRequestedOn: [...sealedDays, ...times('lastRequestedAt').map((at) => at.slice(0, 10))].sort().at(-1) ?? null,
      lastRequestedAt: times('lastRequestedAt').at(-1) ?? null,
      ...sumByStatus(own),
    };
  });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function positionOf({ instanceId, accountId, region }: InstanceKey): InstancePosition {
  return [instanceId, accountId, region];
}
