import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../../db/prepare-once.ts';
import { isUnfinished } from '../../../db/sql/final-sql.ts';
import { isoFromMs } from '../../../lib/time.ts';
import type { Span } from '../../../model/coverage/spans.ts';
import type { SourceKey } from '../../../model/observed-invocation.ts';

/** How many commands and invocations of a span may still change. */
export interface Unfinished {
  /** Commands that were requested before the span's end and may still get invocations in the span. */
  unfinishedCommands: number;
  /** Invocations requested in the span that are not final. */
  unfinishedInvocations: number;
}

export function countUnfinished(sqlite: Database, { accountId, region, span }: SourceKey & { span: Span }): Unfinished {
  const query = { accountId, region, from: isoFromMs(span.from), to: isoFromMs(span.to) };
  const found = prepareOnce<[object], Unfinished>(
    sqlite,
    `SELECT (SELECT count(*) FROM unfinished_commands
              WHERE account_id = :accountId AND region = :region AND forgotten_at IS NULL
                AND (requested_at IS NULL OR requested_at < :to)) AS unfinishedCommands,
            (SELECT count(*) FROM invocations INDEXED BY invocations_unfinished
              WHERE account_id = :accountId AND region = :region AND requested_at >= :from AND requested_at < :to
                AND ${isUnfinished('status')}) AS unfinishedInvocations`,
  ).get(query);
  return found ?? { unfinishedCommands: 0, unfinishedInvocations: 0 };
}
