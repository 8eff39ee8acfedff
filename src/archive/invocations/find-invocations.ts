import type { Database } from 'better-sqlite3';
import type { Condition } from '../../db/condition.ts';
import { prepareOnce } from '../../db/prepare-once.ts';
import { type KeysetPage, readKeyset } from '../../db/read-keyset.ts';
import { selectMembers } from '../../db/select-members.ts';
import type { KeyOrder } from '../../lib/keyset.ts';
import { STEP_MEMBERS } from '../../model/members.ts';
import type { StepColumns } from '../../model/normalize-invocation.ts';
import type { InvocationFilter } from '../../questions/filters.ts';
import { INVOCATION_COLUMNS, type InvocationRow } from './invocation-view.ts';
import { isBoundedListing, planListing } from './plan-listing.ts';

/** The position at which a page ended. */
export type InvocationPosition = readonly [requestedAt: string | null, commandId: string, instanceId: string];

export interface InvocationSearch {
  accountId: string;
  region: string;
  commandId?: string | undefined;
  instanceId?: string | undefined;
  documentName?: string | undefined;
  /**
   * Lists of Status and StatusDetails values. Each list must contain the Status or the StatusDetails of the invocation.
   */
  statuses: readonly (readonly string[])[];
  /** ISO times: `requestedAfter` is inclusive, `requestedBefore` exclusive. */
  requestedAfter?: string | undefined;
  requestedBefore?: string | undefined;
  withPlugins: boolean;
  limit: number;
  after?: InvocationPosition | undefined;
}

/** A step as a row of columns, with the text of its output. */
export type StoredPlugin = StepColumns<string | null>;

/** An invocation as a row of columns. JSON is text; a flag is 0 or 1. */
export interface StoredInvocation extends InvocationRow {
  plugins: StoredPlugin[];
}

export interface FoundInvocations {
  items: StoredInvocation[];
  next: InvocationPosition | undefined;
}

const PLUGIN_COLUMNS = selectMembers(STEP_MEMBERS, 'p', 'o.text');

type Row = InvocationRow & { id: number };

/** The order of invocations within one account and region. There a command has one invocation for each node. */
export const INVOCATION_ORDER: KeyOrder = [
  { sql: 'i.requested_at', isDescending: true, canBeNull: true },
  { sql: 'i.command_id' },
  { sql: 'i.instance_id' },
];

/**
 * A page of one account and region's invocations, newest first. Equal times are ordered by CommandId and InstanceId;
 * invocations without a request time come last. Invocations that arrive during paging neither move nor hide the others.
 */
export function findInvocations(sqlite: Database, search: InvocationSearch): FoundInvocations {
  return sqlite.transaction((): FoundInvocations => {
    const { rows, next } = readFound(sqlite, search);
    return { items: rows, next };
  })();
}

/** Like findInvocations, within the caller's transaction; the rows have their ids in the archive. */
export function readFound(
  sqlite: Database,
  search: InvocationSearch,
): KeysetPage<StoredInvocation & { id: number }, InvocationPosition> {
  const { filter, others } = conditionsOf(search);
  const { rows, next } = readKeyset<Row, InvocationPosition>(sqlite, {
    ...{ order: INVOCATION_ORDER, after: search.after, limit: search.limit },
    streams: planListing(sqlite, filter, 'requestedAt').map(({ from, conditions }) => ({
      ...{ select: `${INVOCATION_COLUMNS}, i.id`, from, conditions: [...conditions, ...others] },
    })),
    positionOf: (row) => [row.requestedAt, row.commandId, row.instanceId],
  });
  return { rows: rows.map((row) => withPlugins(sqlite, row, search.withPlugins)), next };
}

/** Whether a search reads few rows besides those that it returns. */
export function isBoundedSearch(search: InvocationSearch): boolean {
  if (search.commandId !== undefined && search.instanceId !== undefined) return true;
  return search.statuses.length === 0 && isBoundedListing(conditionsOf(search).filter, 'requestedAt');
}

/** One invocation, with its id in the archive, or undefined. */
export function findInvocation(
  sqlite: Database,
  key: { accountId: string; region: string; commandId: string; instanceId: string },
): (StoredInvocation & { id: number }) | undefined {
  return sqlite.transaction(() => {
    const row = prepareOnce<unknown[], Row>(
      sqlite,
      `SELECT ${INVOCATION_COLUMNS}, i.id FROM invocations i
        WHERE i.command_id = ? AND i.account_id = ? AND i.region = ? AND i.instance_id = ?`,
    ).get(key.commandId, key.accountId, key.region, key.instanceId);
    return row && withPlugins(sqlite, row, true);
  })();
}

function conditionsOf(search: InvocationSearch): { filter: InvocationFilter; others: Condition[] } {
  const [statuses, ...more] = search.statuses;
  const { accountId, region, commandId, instanceId, documentName, requestedAfter, requestedBefore } = search;
  return {
    filter: {
      ...{ account: accountId, region, commandId, instanceId, documentName, requestedAfter, requestedBefore },
      ...(statuses && { status: statuses }),
    },
    others: more.map((values) => {
      const marks = values.map(() => '?').join(', ');
      return {
        sql: `(i.status IN (${marks}) OR i.status_details IN (${marks}))`,
        params: [...values, ...values],
      };
    }),
  };
}

function withPlugins(sqlite: Database, row: Row, isAsked: boolean): StoredInvocation & { id: number } {
  const plugins = isAsked
    ? prepareOnce<[number], StoredPlugin>(
        sqlite,
        `SELECT ${PLUGIN_COLUMNS} FROM plugins p LEFT JOIN outputs o ON o.id = p.output_id
          WHERE p.invocation_id = ? ORDER BY p.position`,
      ).all(row.id)
    : [];
  return Object.assign(row, { plugins });
}
