import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { type Comparison, compareInvocations } from './compare-invocations.ts';
import { getInvocation, type InvocationKey } from './get-invocation.ts';

export interface ComparisonQuery {
  left: InvocationKey;
  /** `previous`: the last run of the same document on the same node before the left invocation. */
  right: InvocationKey | 'previous';
}

/** Two invocations side by side. `missing` names the one that the archive does not have. */
export type ComparisonAnswer =
  | { missing: 'left' | 'right' }
  | (Comparison & { left: InvocationKey; right: InvocationKey });

/** What differs between two invocations: members, and the outputs of their steps line by line. */
export function readComparison(sqlite: Database, query: ComparisonQuery): ComparisonAnswer {
  return sqlite.transaction((): ComparisonAnswer => {
    const left = getInvocation(sqlite, query.left);
    if (!left) return { missing: 'left' };
    const key = query.right === 'previous' ? previousRun(sqlite, query.left) : query.right;
    const right = key && getInvocation(sqlite, key);
    if (!key || !right) return { missing: 'right' };
    return { left: query.left, right: key, ...compareInvocations(left, right) };
  })();
}

function previousRun(sqlite: Database, { accountId, region, commandId, instanceId }: InvocationKey) {
  return prepareOnce<[object], InvocationKey>(
    sqlite,
    `SELECT i.account_id AS accountId, i.region, i.command_id AS commandId, i.instance_id AS instanceId
       FROM invocations l JOIN invocations i INDEXED BY invocations_instance
         ON i.instance_id = l.instance_id AND i.account_id = l.account_id AND i.region = l.region
        AND i.document_name IS l.document_name AND (i.requested_at, i.id) < (l.requested_at, l.id)
      WHERE l.command_id = :commandId AND l.account_id = :accountId AND l.region = :region AND l.instance_id = :instanceId
      ORDER BY i.requested_at DESC, i.id DESC LIMIT 1`,
  ).get({ accountId, region, commandId, instanceId });
}
