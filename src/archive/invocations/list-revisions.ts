import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { cutPage } from '../../db/read-keyset.ts';
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

/**
 * The states of an invocation in the order in which they were seen; undefined if the archive has no such invocation.
 */
export function listRevisions(
  sqlite: Database,
  { key, limit, after = 0 }: { key: InvocationKey; limit: number; after?: number | undefined },
): RevisionPage | undefined {
  return sqlite.transaction(() => {
    const row = findInvocation(sqlite, key);
    if (!row) return undefined;
    const found = prepareOnce<unknown[], { seq: number; observedAt: string }>(
      sqlite,
      `SELECT seq, observed_at AS observedAt FROM revisions WHERE invocation_id = :id
          AND seq >= coalesce((SELECT max(seq) FROM revisions WHERE invocation_id = :id AND seq <= :after), 0)
        ORDER BY seq LIMIT :limit`,
    ).all({ id: row.id, after, limit: limit + 2 });
    const states = stateOf(
      sqlite,
      row.id,
      found.map(({ seq }) => seq),
    );
    const items = found.flatMap(({ seq, observedAt }, n): RevisionView[] => {
      const state = states[n];
      const before = states[n - 1];
      if (!state || seq <= after) return [];
      return [{ seq, leaf: seq - 1, observedAt, state, changes: before ? compareFields(before, state) : null }];
    });
    const { rows, next } = cutPage(items, limit, ({ seq }) => seq);
    return { items: rows, next };
  })();
}
