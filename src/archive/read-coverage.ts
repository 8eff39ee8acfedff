import type { ArchiveDb } from '../db/open.ts';
import { RETENTION_MS } from '../lib/retention.ts';
import { edgesOf, type Span, spansOverlap, splitSpan, uncoveredSpans } from '../lib/spans.ts';
import { isoFromMs } from '../lib/time.ts';
import { type CoverageEdge, describeEdge } from './coverage/edge.ts';
import { readSpread } from './coverage/read-spread.ts';
import type { CoverageGap, CoverageQuery } from './coverage-query.ts';
import { OVERDUE_MS } from './coverage-times.ts';
import { listPlaces } from './list-places.ts';
import { listCovered } from './mark-covered.ts';
import { lastNamelessFailure } from './owed/last-pass.ts';
import { type MissingCoverage, readMissing } from './owed/missing-coverage.ts';
import { judgedFrom, type OwedSpan, owedSpanOf, settledOf } from './owed/owed-span.ts';
import { type ForgottenCommand, type OpenCommands, readOpenCommands } from './read-open-commands.ts';

export type { CoverageGap, CoverageQuery } from './coverage-query.ts';

/** What is covered of one account and region, from its first covered moment (or the span asked for) until now. */
export interface PlaceCoverage extends OpenCommands {
  /** An account and region may have several names in the configuration. */
  alias?: undefined;
  accountId: string;
  region: string;
  /** What is judged: what was asked for, and else what is covered but for its first edge. */
  span: { from: string; to: string };
  /** The span has no gap and touches no edge, and no command was forgotten that may have run in it. */
  isComplete: boolean;
  /** What is listed completely, but for edges. */
  covered: { from: string; to: string }[];
  /** Beginnings of covered spans in which invocations of earlier commands may be missing: of the span, and the one that it begins after. */
  edges: CoverageEdge[];
  gaps: CoverageGap[];
  /** How long after its command an invocation is assumed to be requested at most: edges reach so far. */
  spreadMs: number;
}

/** An account and region; or a source that is none yet, and that stands under its name. */
export type SourceCoverage = PlaceCoverage | MissingCoverage;

/**
 * Covered spans and gaps of all that the archive owes or has heard of: each account and region, then the sources that are none yet. All of it
 * is complete where each of them is.
 */
export function readCoverage(db: ArchiveDb, query: CoverageQuery): SourceCoverage[] {
  return [...readPlaces(db, query), ...readMissing(db.sqlite, query)];
}

/**
 * Covered spans, edges and gaps of each account and region. Without `from` and `to`, from the end of the first edge, or from what the service
 * still showed when it was configured where that came late or never, to what has settled by now; the last hour of that is left to the next pass.
 */
export function readPlaces(db: ArchiveDb, query: CoverageQuery): PlaceCoverage[] {
  const places = listPlaces(db.sqlite);
  const cutoff = query.nowMs - RETENTION_MS;
  return places.flatMap((place): PlaceCoverage[] => {
    const covered = listCovered(db, place);
    const owed = owedSpanOf(db.sqlite, place);
    if (isOver(covered, query, owed)) return [];
    const spreadMs = readSpread(db.sqlite, place);
    const whole = judgedSpan(covered, { ...query, spreadMs }, owed);
    const edges = edgesOf(covered, spreadMs);
    const touched = edges.filter((edge) => spansOverlap(edge, whole));
    const shown = query.from === undefined ? edges.filter(({ from }) => from < whole.to) : touched;
    const gaps = uncoveredSpans(whole, covered)
      .flatMap((gap) => splitSpan(gap, cutoff))
      .map((gap) => explainGap(db, place, gap, { cutoff, isEnded: owed?.to !== undefined }));
    const commands = readOpenCommands(db, place);
    const forgottenCommands = commands.forgottenCommands.filter((command) => mayHaveRunIn(whole, command));
    const coverage = {
      ...place,
      // A span without a moment in it has no gaps, and is no answer to whether it is complete.
      span: textOf(whole),
      isComplete: gaps.length === 0 && touched.length === 0 && forgottenCommands.length === 0 && whole.from < whole.to,
      covered: covered.flatMap((span) => uncoveredSpans(span, edges)).map(textOf),
      edges: shown.map((edge) => describeEdge(edge, spreadMs)),
      gaps,
      spreadMs,
      unfinishedCommands: commands.unfinishedCommands,
      forgottenCommands,
    };
    return [coverage];
  });
}

/** Its invocations were requested after the command was, and before the service forgot them. */
function mayHaveRunIn({ from, to }: Span, { requestedAt, forgottenAt }: ForgottenCommand): boolean {
  return (requestedAt === null || Date.parse(requestedAt) < to) && Date.parse(forgottenAt) > from;
}

/** Whether a place is owed no more, and nothing of it was when what is asked for was requested. */
function isOver(covered: readonly Span[], query: CoverageQuery, owed: OwedSpan | undefined): boolean {
  if (owed?.to === undefined) return false;
  if (query.from === undefined && query.to === undefined) return covered.length === 0;
  return query.from !== undefined && query.from >= judgedUntil(covered, query, owed);
}

/** The span that is judged: what is given of it, and else what is covered up to what the next pass will list. Its end ends it. */
function judgedSpan(
  covered: readonly Span[],
  query: CoverageQuery & { spreadMs: number },
  owed: OwedSpan | undefined,
): Span {
  const until = judgedUntil(covered, query, owed);
  const to = owed?.to === undefined ? (query.to ?? until) : Math.min(query.to ?? until, until);
  return { from: query.from ?? beginning(covered, { ...query, to }, owed), to };
}

/**
 * Where no start is given, the first edge is left out: of it nothing more can ever be known. One that is all that is covered is judged, and so
 * is one before which something was owed.
 */
function beginning(
  covered: readonly Span[],
  { nowMs, spreadMs, to }: { nowMs: number; spreadMs: number; to: number },
  owed: OwedSpan | undefined,
): number {
  const [first] = covered;
  const begin = judgedFrom(first?.from, owed, nowMs);
  if (!first || begin < first.from) return begin;
  const edgeEnd = first.from + spreadMs;
  return edgeEnd < Math.min(first.to, to) ? edgeEnd : begin;
}

function textOf({ from, to }: Span): { from: string; to: string } {
  return { from: isoFromMs(from), to: isoFromMs(to) };
}

/** What the next pass will list is not missing yet, unless passes have stopped coming. */
function judgedUntil(covered: readonly Span[], query: CoverageQuery, owed: OwedSpan | undefined): number {
  const newest = covered.at(-1)?.to ?? 0;
  const settled = settledOf(owed, query);
  return settled - newest > OVERDUE_MS ? settled : newest;
}

function explainGap(
  db: ArchiveDb,
  place: { accountId: string; region: string },
  gap: Span,
  { cutoff, isEnded }: { cutoff: number; isEnded: boolean },
): CoverageGap {
  const isForgotten = gap.to <= cutoff;
  const failures = db.sqlite
    .prepare<unknown[], { fromAt: string; toAt: string | null; error: string | null; finishedAt: string | null }>(
      `SELECT from_at AS fromAt, to_at AS toAt, error, finished_at AS finishedAt FROM sweeps
        WHERE outcome <> 'complete' AND account_id = ? AND region = ? AND command_id IS NULL AND from_at < ? ORDER BY id DESC LIMIT 1000`,
    )
    .all(place.accountId, place.region, isoFromMs(gap.to));
  const failed = failures.find(({ fromAt, toAt }) =>
    spansOverlap(gap, { from: Date.parse(fromAt), to: toAt === null ? Number.POSITIVE_INFINITY : Date.parse(toAt) }),
  );
  const refused = db.sqlite
    .prepare<unknown[], string | null>(
      `SELECT error FROM run_sources WHERE account_id = ? AND region = ? AND outcome = 'failed' AND started_at >= ? ORDER BY run_id DESC LIMIT 1`,
    )
    .pluck()
    .get(place.accountId, place.region, isoFromMs(gap.from));
  const nameless = lastNamelessFailure(db.sqlite, place);
  const reason =
    failed?.error ?? refused ?? (nameless && nameless.startedAt >= isoFromMs(gap.from) ? nameless.error : null);
  const why = reason ? ` Last failure: ${reason}` : '';
  return {
    from: isoFromMs(gap.from),
    to: isoFromMs(gap.to),
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
