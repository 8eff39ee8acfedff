import type { ArchiveDb } from '../db/open.ts';
import { prepareOnce } from '../db/prepare-once.ts';
import type { CoverageStatement } from '../lib/coverage-statement.ts';
import type { SourceKey } from '../lib/observed-invocation.ts';
import { uncoveredSpans } from '../lib/spans.ts';
import { OVERDUE_MS } from './coverage-times.ts';
import { listCovered } from './mark-covered.ts';
import { isAskedFor } from './owed/is-asked-for.ts';
import { readMissing } from './owed/missing-coverage.ts';
import { judgedFrom, owedSpanOf, settledOf } from './owed/owed-span.ts';
import { readOpenCommands } from './read-open-commands.ts';

/** What is asked of: a span in epoch milliseconds, and perhaps one command. */
export interface AskedSpan {
  fromMs?: number | undefined;
  toMs?: number | undefined;
  commandId?: string | undefined;
}

/**
 * What an account and region has of the span that a question is about: of a command that is known, its own span. Without a
 * start, from the first covered moment; what has not been collected yet, since the last pass, is told by `untilMs`.
 */
export function stateCoverage(
  db: ArchiveDb,
  source: SourceKey,
  asked: AskedSpan,
  { nowMs, settlingMs }: { nowMs: number; settlingMs: number },
): CoverageStatement {
  const covered = listCovered(db, source);
  const own = asked.commandId === undefined ? undefined : spanOfCommand(db, source, asked.commandId);
  const owed = owedSpanOf(db.sqlite, source);
  const first = asked.fromMs ?? own?.from ?? judgedFrom(covered[0]?.from, owed, nowMs);
  const wanted = Math.min(asked.toMs ?? own?.to ?? nowMs, nowMs);
  // What ends before the first covered moment, without a start, is nothing that was ever collected: all of it is a gap.
  const from = asked.fromMs === undefined && !own && first >= wanted ? 0 : first;
  const newest = covered.at(-1)?.to;
  const isCollecting = newest !== undefined && settledOf(owed, { nowMs, settlingMs }) - newest <= OVERDUE_MS;
  const to = isCollecting ? Math.min(wanted, newest) : wanted;
  const forgotten = readOpenCommands(db, source).forgottenCommands.filter(({ commandId, requestedAt, forgottenAt }) => {
    if (own) return commandId === asked.commandId;
    return (requestedAt === null || Date.parse(requestedAt) < wanted) && Date.parse(forgottenAt) > from;
  });
  const missing = readMissing(db.sqlite, { nowMs, settlingMs, from, to: wanted }).filter((of) =>
    isAskedFor(of, source),
  );
  const gaps = from < to ? uncoveredSpans({ from, to }, covered) : [];
  return {
    // Who does not know of missing sources reads their time as a gap.
    gaps: [
      ...gaps,
      ...missing.flatMap((of) => of.gaps.map((gap) => ({ from: Date.parse(gap.from), to: Date.parse(gap.to) }))),
    ],
    moreGaps: 0,
    forgottenCommands: forgotten.length,
    missingSources: missing.length,
    untilMs: to < wanted ? to : undefined,
  };
}

/** From the command's own request to its last one to a node. */
function spanOfCommand({ sqlite }: ArchiveDb, { accountId, region }: SourceKey, commandId: string) {
  const row = prepareOnce<unknown[], { first: string | null; last: string | null }>(
    sqlite,
    `SELECT coalesce(min(c.requested_at), min(i.requested_at)) AS first, coalesce(max(i.requested_at), max(c.requested_at)) AS last
       FROM commands c LEFT JOIN invocations i USING (account_id, region, command_id)
      WHERE c.account_id = ? AND c.region = ? AND c.command_id = ?`,
  ).get(accountId, region, commandId);
  if (!row?.first || !row.last) return undefined;
  return { from: Date.parse(row.first), to: Date.parse(row.last) + 1 };
}
