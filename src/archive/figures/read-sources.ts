import type { Database } from 'better-sqlite3';
import { readStatus, type SourceStatus } from './read-status.ts';

/** An account and region; or an owed source that AWS has never answered: then the account or the region is null. */
export interface SourceState extends Omit<SourceStatus, 'accountId' | 'region'> {
  accountId: string | null;
  region: string | null;
}

/**
 * All sources that are owed and all accounts and regions that the archive knows, each with the result of its last pass.
 * Counts every row.
 */
export function readSources(sqlite: Database, nowMs: number): SourceState[] {
  const { sources, missingSources } = readStatus(sqlite, nowMs);
  const unanswered = missingSources
    .filter(({ accountId, region }) => accountId === null || region === null)
    .map(({ alias, accountId, region, lastError, lastTriedAt }) => ({
      ...{ accountId, region, alias, lastOutcome: lastTriedAt === null ? null : 'failed', lastError },
      ...{ lastFinishedAt: lastTriedAt, invocations: 0, newestRequestedAt: null },
      ...{ unfinished: 0, unfinishedSoonForgotten: 0, unfinishedForgotten: 0 },
      ...{ shortCommands: 0, missingInvocations: 0 },
    }));
  return [...sources, ...unanswered];
}
