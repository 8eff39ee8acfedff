import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { withPastTables } from './as-of.ts';
import { PRESENT } from './invocation-filter.ts';
import { createInvocationReader, type InvocationView } from './invocation-view.ts';

/** What identifies an invocation: account, region, command and node. */
export interface InvocationKey {
  accountId: string;
  region: string;
  commandId: string;
  instanceId: string;
}

interface Row {
  id: number;
  firstSeenAt: string;
  changedAt: string;
}

/**
 * A whole invocation with steps and outputs, as last seen or as the archive knew it at `asOf` (ISO time). Undefined if
 * the archive has (or at `asOf` had) no invocation with that key.
 */
export function getInvocation(sqlite: Database, key: InvocationKey, asOf?: string): InvocationView | undefined {
  return sqlite.transaction(() => {
    const row = findInvocation(sqlite, key);
    if (!row || (asOf !== undefined && row.firstSeenAt > asOf)) return undefined;
    if (asOf === undefined || row.changedAt <= asOf) return createInvocationReader(sqlite, PRESENT, 'outputs')(row.id);
    const seq = prepareOnce<[number, string], { seq: number | null }>(
      sqlite,
      'SELECT max(seq) AS seq FROM revisions WHERE invocation_id = ? AND observed_at <= ?',
    ).get(row.id, asOf)?.seq;
    return typeof seq === 'number' ? stateOf(sqlite, row.id, [seq])[0] : undefined;
  })();
}

/** The row with a key, or undefined. */
export function findInvocation(
  sqlite: Database,
  { accountId, region, commandId, instanceId }: InvocationKey,
): Row | undefined {
  return prepareOnce<unknown[], Row>(
    sqlite,
    `SELECT id, first_seen_at AS firstSeenAt, changed_at AS changedAt FROM invocations
      WHERE command_id = ? AND account_id = ? AND region = ? AND instance_id = ?`,
  ).get(commandId, accountId, region, instanceId);
}

/** The states of one invocation, one for each of these revisions. */
export function stateOf(sqlite: Database, invocationId: number, seqs: readonly number[]): InvocationView[] {
  if (seqs.length === 0) return [];
  return withPastTables(sqlite, (past) => {
    const read = createInvocationReader(sqlite, past, 'outputs');
    return seqs.map((seq) => {
      past.clear();
      past.addRevision(seq);
      return read(invocationId);
    });
  });
}
