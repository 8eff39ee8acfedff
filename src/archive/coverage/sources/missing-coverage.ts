import type { Database } from 'better-sqlite3';
import { isoFromMs } from '../../../lib/time.ts';
import { RETENTION_MS } from '../../../model/coverage/retention.ts';
import { type Span, splitSpan } from '../../../model/coverage/spans.ts';
import type { CoverageGap, CoverageQuery } from '../coverage-query.ts';
import { listUnknown, type UnknownSource } from './list-missing.ts';
import { judgedFrom, owedSpan, settledOf } from './owed-span.ts';

/**
 * A source whose account, or region, is not known. It is shown in coverage under its name, and all of it is missing.
 */
export interface MissingCoverage {
  alias: string;
  accountId: string | null;
  region: string | null;
  /** When the source became owed. */
  sinceAt: string;
  /** The time in which the source is missing. */
  span: { from: string; to: string };
  isComplete: false;
  covered: [];
  edges: [];
  gaps: CoverageGap[];
  /** 0, because nothing of this source was listed. */
  spreadMs: 0;
  unfinishedCommands: 0;
  forgottenCommands: [];
}

/**
 * The sources that are missing in a span, each from the oldest time that the service still showed when the source was
 * configured. Without a span, only the sources that are owed now. A source that was ended is missing only in the time
 * in which it was owed.
 */
export function readMissing(sqlite: Database, query: CoverageQuery): MissingCoverage[] {
  return listUnknown(sqlite).flatMap((source) => {
    const span = missingSpan(source, query);
    if (!span) return [];
    const { alias, accountId, region, sinceAt } = source;
    const gaps = splitSpan(span, query.nowMs - RETENTION_MS).map((gap) => explain(source, gap, query.nowMs));
    return [
      {
        ...{ alias, accountId, region, sinceAt, isComplete: false as const, covered: [] as [], edges: [] as [], gaps },
        span: { from: isoFromMs(span.from), to: isoFromMs(span.to) },
        ...{ spreadMs: 0 as const, unfinishedCommands: 0 as const, forgottenCommands: [] as [] },
      },
    ];
  });
}

/** The part of the span asked for in which a source is missing; undefined if there is none. */
function missingSpan(source: UnknownSource, query: CoverageQuery): Span | undefined {
  if (source.endedAt !== null && query.from === undefined && query.to === undefined) return undefined;
  const owed = owedSpan(source);
  const settled = settledOf(owed, query);
  const from = judgedFrom(undefined, owed, query.nowMs);
  const span = {
    from: Math.max(from, query.from ?? from),
    to: Math.min(settled, query.to ?? settled),
  };
  return span.from < span.to ? span : undefined;
}

function explain({ sinceAt, endedAt, lastError }: UnknownSource, gap: Span, nowMs: number): CoverageGap {
  const owed = endedAt === null ? `Owed since ${sinceAt}` : `Owed from ${sinceAt} to ${endedAt}`;
  const why = lastError === null ? '' : ` Last failure: ${lastError}`;
  const cause = `${owed}, and never collected.${why}`;
  return { from: isoFromMs(gap.from), to: isoFromMs(gap.to), isForgotten: gap.to <= nowMs - RETENTION_MS, cause };
}
