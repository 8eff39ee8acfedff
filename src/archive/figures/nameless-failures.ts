import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';

/** How a source failed in a pass that could not find out the source's account. */
export interface NamelessFailure {
  alias: string;
  region: string;
  error: string;
}

/**
 * The failures of a pass. A source that is refused as a duplicate of another has no account and region of its own, so
 * only its row in the pass reports the failure.
 */
export function namelessFailures(sqlite: Database, runId: number): NamelessFailure[] {
  return prepareOnce<unknown[], NamelessFailure>(
    sqlite,
    `SELECT alias, region, error FROM main.run_sources
      WHERE run_id = ? AND account_id IS NULL AND outcome = 'failed' AND error IS NOT NULL ORDER BY alias, region`,
  ).all(runId);
}
