import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { readKeyset } from '../../db/read-keyset.ts';
import type { KeyOrder } from '../../lib/keyset.ts';
import { compareFields, type FieldChange } from './compare-invocations.ts';
import { findInvocation, type InvocationKey, stateOf } from './get-invocation.ts';
import type { InvocationView } from './invocation-view.ts';

/**
 * A state in which an invocation was seen, and what had changed since the previous state. The first state has no
 * changes.
 */
export interface RevisionView {
  seq: number;
  /** The number of the state's leaf in the ledger. */
  leaf: number;
  observedAt: string;
  state: InvocationView;
  changes: FieldChange[] | null;
}

export interface RevisionPage {
  items: RevisionView[];
  /** The last `seq` of the page; present if more states follow after the page. */
  next: number | undefined;
}

const ORDER: KeyOrder = [{ sql: 'seq' }];

/**
 * The states of an invocation in the order in which they were seen; undefined if the archive has no such invocation.
 */
export function listRevisions(
  sqlite: Database,
  { key, limit, after }: { key: InvocationKey; limit: number; after?: number | undefined },
): RevisionPage | undefined {
  return sqlite.transaction(() => {
    const row = findInvocation(sqlite, key);
    if (!row) return undefined;
    const { rows: found, next } = readKeyset<{ seq: number; observedAt: string }, readonly [seq: number]>(sqlite, {
      order: ORDER,
      streams: [
        {
          select: 'seq, observed_at AS observedAt',
          from: 'revisions',
          conditions: [{ sql: 'invocation_id = ?', params: [row.id] }],
        },
      ],
      positionOf: ({ seq }) => [seq],
      after: after === undefined ? undefined : [after],
      limit,
    });
    // The first state of the page is compared with the state before it, which the previous page has shown.
    const earlier = after === undefined ? [] : lastSeqUpTo(sqlite, row.id, after);
    const states = stateOf(sqlite, row.id, [...earlier, ...found.map(({ seq }) => seq)]);
    const items = found.flatMap(({ seq, observedAt }, n): RevisionView[] => {
      const state = states[n + earlier.length];
      const before = states[n + earlier.length - 1];
      if (!state) return [];
      return [{ seq, leaf: seq - 1, observedAt, state, changes: before ? compareFields(before, state) : null }];
    });
    return { items, next: next?.[0] };
  })();
}

/** The last state up to this one, if there is one. */
function lastSeqUpTo(sqlite: Database, invocationId: number, seq: number): number[] {
  const find = prepareOnce<[number, number], { seq: number | null }>(
    sqlite,
    'SELECT max(seq) AS seq FROM revisions WHERE invocation_id = ? AND seq <= ?',
  );
  const last = find.get(invocationId, seq)?.seq ?? null;
  return last === null ? [] : [last];
}
