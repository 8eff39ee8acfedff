import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { isUnfinished } from '../../db/sql/final-sql.ts';
import { PRESENT } from './invocation-filter.ts';
import { createInvocationReader, type InvocationView } from './invocation-view.ts';

/** The newest invocations that are not final, without their steps. An unknown or missing status counts as not final. */
export function listUnfinished(sqlite: Database, { limit }: { limit: number }): { items: InvocationView[] } {
  return sqlite.transaction(() => {
    const ids = prepareOnce<[number], { id: number }>(
      sqlite,
      `SELECT id FROM invocations INDEXED BY invocations_unfinished WHERE ${isUnfinished('status')}
        ORDER BY requested_at DESC, id DESC LIMIT ?`,
    ).all(limit);
    const read = createInvocationReader(sqlite, PRESENT, 'none');
    return { items: ids.map(({ id }) => read(id)) };
  })();
}
