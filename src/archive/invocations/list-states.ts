import type { Database } from 'better-sqlite3';
import { compareInvocations, type OutputComparison } from './compare-invocations.ts';
import type { InvocationKey } from './get-invocation.ts';
import { listRevisions, type RevisionView } from './list-revisions.ts';

/** A state. Each output that differs from the output in the previous state is compared with it line by line. */
export interface StateView extends RevisionView {
  outputs: OutputComparison[];
}

/**
 * The first states of an invocation; an empty list if the archive has no such invocation. Comparing lines may take
 * long.
 */
export function listStates(
  sqlite: Database,
  query: { key: InvocationKey; limit: number },
): { items: StateView[]; hasMore: boolean } {
  const { items = [], next } = listRevisions(sqlite, query) ?? {};
  return {
    items: items.map((revision, n) => {
      const before = items[n - 1]?.state;
      const outputs = before ? compareInvocations(before, revision.state).outputs.filter(({ isSame }) => !isSame) : [];
      return { ...revision, outputs };
    }),
    hasMore: next !== undefined,
  };
}
