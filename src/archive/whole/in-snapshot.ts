import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';

/** Whether rows of the archive may stand in the lake alone. */
export function hasSealedDays(sqlite: Database): boolean {
  return prepareOnce<[], unknown>(sqlite, 'SELECT 1 FROM main.sealed_days LIMIT 1').get() !== undefined;
}

/**
 * Runs `ask` while the connection sees one state of the archive. A caller that has begun a transaction wants all of its
 * answers from one state, so it goes on.
 */
export async function inSnapshot<Answer>(sqlite: Database, ask: () => Promise<Answer>): Promise<Answer> {
  if (sqlite.inTransaction) return ask();
  sqlite.exec('BEGIN');
  try {
    return await ask();
  } finally {
    sqlite.exec('ROLLBACK');
  }
}
