import type { Database } from 'better-sqlite3';
import { isoFromMs } from '../../lib/time.ts';
import { type Span, spansOverlap, uncoveredSpans } from '../../model/coverage/spans.ts';
import type { UnfinishedAndForgotten } from '../record/read-unfinished-and-forgotten.ts';
import type { CoverageGap, CoverageQuery } from './coverage-query.ts';
import { type CoverageEdge, describeEdge } from './edge.ts';
import { type JudgedGap, judgePlaces } from './judge-places.ts';
import { lastNamelessFailure } from './sources/last-pass.ts';
import { type MissingCoverage, readMissing } from './sources/missing-coverage.ts';

export type { CoverageGap, CoverageQuery } from './coverage-query.ts';

/**
 * What is covered in one account and region: in the span asked for, or else from its first covered moment until now.
 */
export interface PlaceCoverage extends UnfinishedAndForgotten {
  /** The name is absent, because the configuration may have several names for an account and region. */
  alias?: undefined;
  accountId: string;
  region: string;
  /** The judged span: the one asked for, or else what is covered without its first edge. */
  span: { from: string; to: string };
  /** True if the span has no gap and touches no edge, and no forgotten command can have run in it. */
  isComplete: boolean;
  /** The time that was listed completely, without edges. */
  covered: { from: string; to: string }[];
  /**
   * The edges within the span, and the one in which the span begins. An edge is the beginning of a covered span, where
   * invocations of earlier commands may be missing.
   */
  edges: CoverageEdge[];
  gaps: CoverageGap[];
  /**
   * The longest time that is assumed between the request of a command and the request of one of its invocations. Edges
   * are this long.
   */
  spreadMs: number;
}

/** An account and region; or the name of a source whose account or region is not known yet. */
export type SourceCoverage = PlaceCoverage | MissingCoverage;

/**
 * Covered spans and gaps of each account and region in the archive, then of each source whose account or region is not
 * known yet. Coverage is complete if all of these are complete.
 */
export function readCoverage(sqlite: Database, query: CoverageQuery): SourceCoverage[] {
  return [...readPlaces(sqlite, query), ...readMissing(sqlite, query)];
}

/**
 * Covered spans, edges and gaps of each account and region. Without `to`, the span ends where the settled time ends;
 * the last hour does not count as missing while the next pass can still list it. Without `from`, it begins at the end
 * of the first edge; if collecting began late or never, at the oldest time that the service still showed when the
 * source was configured.
 */
export function readPlaces(sqlite: Database, query: CoverageQuery): PlaceCoverage[] {
  return judgePlaces(sqlite, query).map(({ accountId, region, span, listed, edges, touched, spreadMs, ...judged }) => {
    const shown = query.from === undefined ? edges.filter(({ from }) => from < span.to) : touched;
    return {
      ...{ accountId, region, span: isoSpan(span), isComplete: judged.isComplete },
      covered: listed.flatMap((part) => uncoveredSpans(part, edges)).map(isoSpan),
      edges: shown.map((edge) => describeEdge(edge, spreadMs)),
      gaps: judged.gaps.map((gap) => explainGap(sqlite, { accountId, region }, gap, judged)),
      spreadMs,
      unfinishedCommands: judged.unfinishedCommands,
      forgottenCommands: judged.forgottenCommands,
    };
  });
}

function isoSpan({ from, to }: Span): { from: string; to: string } {
  return { from: isoFromMs(from), to: isoFromMs(to) };
}

function explainGap(
  sqlite: Database,
  place: { accountId: string; region: string },
  gap: JudgedGap,
  { isEnded }: { isEnded: boolean },
): CoverageGap {
  const { isForgotten, isOpen } = gap;
  // No pass can have failed to list a time that was not over yet.
  if (isOpen)
    return {
      ...isoSpan(gap),
      isForgotten,
      cause: 'Not over yet, or not over at the last pass; later passes will list it.',
    };
  const failures = sqlite
    .prepare<unknown[], { fromAt: string; toAt: string | null; error: string | null; finishedAt: string | null }>(
      `SELECT from_at AS fromAt, to_at AS toAt, error, finished_at AS finishedAt FROM sweeps
        WHERE outcome <> 'complete' AND account_id = ? AND region = ? AND command_id IS NULL AND from_at < ? ORDER BY id DESC LIMIT 1000`,
    )
    .all(place.accountId, place.region, isoFromMs(gap.to));
  const failed = failures.find(({ fromAt, toAt }) =>
    spansOverlap(gap, { from: Date.parse(fromAt), to: toAt === null ? Number.POSITIVE_INFINITY : Date.parse(toAt) }),
  );
  const refused = sqlite
    .prepare<unknown[], string | null>(
      `SELECT error FROM run_sources WHERE account_id = ? AND region = ? AND outcome = 'failed' AND started_at >= ? ORDER BY run_id DESC LIMIT 1`,
    )
    .pluck()
    .get(place.accountId, place.region, isoFromMs(gap.from));
  const nameless = lastNamelessFailure(sqlite, place);
  const reason =
    failed?.error ?? refused ?? (nameless && nameless.startedAt >= isoFromMs(gap.from) ? nameless.error : null);
  const why = reason ? ` Last failure: ${reason}` : '';
  return {
    ...isoSpan(gap),
    isForgotten,
    cause: `${causeOf({ isForgotten, isEnded })}${why}`,
  };
}

function causeOf({ isForgotten, isEnded }: { isForgotten: boolean; isEnded: boolean }): string {
  if (isForgotten) return 'No pass listed it within the 30 days that the service keeps.';
  return isEnded
    ? 'Not listed completely before its source was ended; no pass tries again.'
    : 'Not listed completely yet; the next pass tries again.';
}
