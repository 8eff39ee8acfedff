import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../../db/prepare-once.ts';
import type { SourceKey } from '../../../model/observed-invocation.ts';
import { listOwed } from './list-owed.ts';
import type { OwedSource } from './owed-source.ts';

/** How the last pass over a source ended. */
export interface LastPass {
  runId: number;
  outcome: string;
  error: string | null;
  startedAt: string;
  finishedAt: string;
}

const COLUMNS = 'run_id AS runId, outcome, error, started_at AS startedAt, finished_at AS finishedAt';

/** The last pass over a source, even if the service did not say which account it is. */
export function lastPassOf(
  sqlite: Database,
  { alias, region, accountId }: Pick<OwedSource, 'alias' | 'region' | 'accountId'>,
): LastPass | undefined {
  return prepareOnce<unknown[], LastPass>(
    sqlite,
    `SELECT ${COLUMNS} FROM main.run_sources INDEXED BY run_sources_alias
      WHERE alias = ? AND region = ? AND (account_id IS NULL OR ? IS NULL OR account_id = ?) ORDER BY run_id DESC LIMIT 1`,
  ).get(alias, region ?? '', accountId, accountId);
}

/** For the sources of an account and region: the last pass that failed before the service had named the account. */
export function lastNamelessFailure(sqlite: Database, { accountId, region }: SourceKey): LastPass | undefined {
  const failures = listOwed(sqlite)
    .filter((owed) => owed.accountId === accountId && owed.region === region && owed.endedAt === null)
    .map(({ alias }) =>
      prepareOnce<unknown[], LastPass>(
        sqlite,
        `SELECT ${COLUMNS} FROM main.run_sources INDEXED BY run_sources_alias
          WHERE alias = ? AND region = ? AND account_id IS NULL AND outcome = 'failed' ORDER BY run_id DESC LIMIT 1`,
      ).get(alias, region),
    );
  return failures.filter((pass) => pass !== undefined).sort((a, b) => b.runId - a.runId)[0];
}
