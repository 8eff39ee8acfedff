import type { Database } from 'better-sqlite3';
import type { CoverageStatement } from '../../model/coverage/coverage-statement.ts';
import { edgesOf, type Span, spansOverlap, uncoveredSpans } from '../../model/coverage/spans.ts';
import type { SourceKey } from '../../model/observed-invocation.ts';
import { listCovered } from '../record/mark-covered.ts';
import { readUnfinishedAndForgotten } from '../record/read-unfinished-and-forgotten.ts';
import { commandSpan } from './command-span.ts';
import { OVERDUE_MS } from './coverage-times.ts';
import { readSpread } from './read-spread.ts';
import { isAskedFor } from './sources/is-asked-for.ts';
import { readMissing } from './sources/missing-coverage.ts';
import { judgedFrom, owedSpanOf, settledOf } from './sources/owed-span.ts';

/** What a question is about: a span in epoch milliseconds, and optionally one command. */
export interface AskedSpan {
  fromMs?: number | undefined;
  toMs?: number | undefined;
  commandId?: string | undefined;
  /**
   * Whether the question is about a list of commands. Commands that were sent in a covered span are known, even in an
   * edge.
   */
  ofCommands?: boolean | undefined;
}

/**
 * How far a question's span is covered in an account and region. If the question is about a known command, its span is
 * the command's own. Without a start, the span begins at the first covered moment, with its edge, because the answer
 * contains what was requested there. If the span ends after the last pass, `untilMs` says up to when it is collected.
 */
export function stateCoverage(
  sqlite: Database,
  source: SourceKey,
  asked: AskedSpan,
  { nowMs, settlingMs }: { nowMs: number; settlingMs: number },
): CoverageStatement {
  const covered = listCovered(sqlite, source);
  const spreadMs = readSpread(sqlite, source);
  const own = asked.commandId === undefined ? undefined : commandSpan(sqlite, source, asked.commandId, spreadMs);
  const owed = owedSpanOf(sqlite, source);
  const first = asked.fromMs ?? own?.from ?? judgedFrom(covered[0]?.from, owed, nowMs);
  const wanted = Math.min(asked.toMs ?? own?.to ?? nowMs, nowMs);
  // A span without a start that ends before the first covered moment was never collected: all of it is a gap.
  const from = asked.fromMs === undefined && !own && first >= wanted ? 0 : first;
  const newest = covered.at(-1)?.to;
  const isCollecting = newest !== undefined && settledOf(owed, { nowMs, settlingMs }) - newest <= OVERDUE_MS;
  const to = isCollecting ? Math.min(wanted, newest) : wanted;
  const forgotten = readUnfinishedAndForgotten(sqlite, source).forgottenCommands.filter(
    ({ commandId, requestedAt, forgottenAt }) => {
      if (own) return commandId === asked.commandId;
      return (requestedAt === null || Date.parse(requestedAt) < wanted) && Date.parse(forgottenAt) > from;
    },
  );
  const missing = readMissing(sqlite, { nowMs, settlingMs, from, to: wanted }).filter((of) => isAskedFor(of, source));
  const gaps = from < to ? uncoveredSpans({ from, to }, covered) : [];
  // For a known command, edges matter only if the service never showed when it was sent and some of its invocations are
  // unknown. A command that was sent before an edge was either followed by its id, or was sent in a gap.
  const isInDoubt = own ? !own.isListed && !own.isWhole : !asked.ofCommands;
  return {
    // Missing sources count as gaps here, for readers that know only gaps.
    gaps: [
      ...gaps,
      ...missing.flatMap((of) => of.gaps.map((gap) => ({ from: Date.parse(gap.from), to: Date.parse(gap.to) }))),
    ],
    edges: isInDoubt ? within(edgesOf(covered, spreadMs), { from, to: wanted }) : [],
    moreGaps: 0,
    spreadMs,
    forgottenCommands: forgotten.length,
    missingSources: missing.length,
    untilMs: to < wanted ? to : undefined,
  };
}

function within(spans: readonly Span[], whole: Span): Span[] {
  return spans
    .filter((span) => spansOverlap(span, whole))
    .map(({ from, to }) => ({ from: Math.max(from, whole.from), to: Math.min(to, whole.to) }));
}
