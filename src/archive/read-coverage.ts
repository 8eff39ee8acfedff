import type { ArchiveDb } from '../db/open.ts';
import { RETENTION_MS } from '../lib/retention.ts';
import { edgesOf, type Span, spansOverlap, splitSpan, uncoveredSpans } from '../lib/spans.ts';
import { isoFromMs } from '../lib/time.ts';
import { type CoverageEdge, describeEdge } from './coverage/edge.ts';
import { readSpread } from './coverage/read-spread.ts';
import { OVERDUE_MS } from './coverage-times.ts';
import { listPlaces } from './list-places.ts';
import { listCovered } from './mark-covered.ts';
import { type ForgottenCommand, type OpenCommands, readOpenCommands } from './read-open-commands.ts';

/** A span that is not known to be listed completely, and why. `isForgotten`: the service no longer shows it. */
export interface CoverageGap {
  from: string;
  to: string;
  isForgotten: boolean;
  cause: string;
}

/** What is covered of one account and region, from its first covered moment (or the span asked for) until now. */
export interface SourceCoverage extends OpenCommands {
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

export interface CoverageQuery {
  nowMs: number;
  /** How long after its time a span settles: before that it can't be covered. */
  settlingMs: number;
  from?: number | undefined;
  to?: number | undefined;
}

/**
 * Covered spans, edges and gaps of each account and region that the archive has heard of. Without `from` and `to`, from the end
 * of the first edge, or the service's cutoff where nothing is covered, to what has settled by now; the last hour of
 * that is left to the next pass.
 */
export function readCoverage(db: ArchiveDb, query: CoverageQuery): SourceCoverage[] {
  const places = listPlaces(db.sqlite);
  const cutoff = query.nowMs - RETENTION_MS;
  return places.map((place) => {
    const covered = listCovered(db, place);
    const spreadMs = readSpread(db.sqlite, place);
    const whole = judgedSpan(covered, { ...query, spreadMs });
    const edges = edgesOf(covered, spreadMs);
    const touched = edges.filter((edge) => spansOverlap(edge, whole));
    const shown = query.from === undefined ? edges.filter(({ from }) => from < whole.to) : touched;
    const gaps = uncoveredSpans(whole, covered)
      .flatMap((gap) => splitSpan(gap, cutoff))
      .map((gap) => explainGap(db, place, gap, cutoff));
    const commands = readOpenCommands(db, place);
    const forgottenCommands = commands.forgottenCommands.filter((command) => mayHaveRunIn(whole, command));
    return {
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
  });
}

/** Its invocations were requested after the command was, and before the service forgot them. */
function mayHaveRunIn({ from, to }: Span, { requestedAt, forgottenAt }: ForgottenCommand): boolean {
  return (requestedAt === null || Date.parse(requestedAt) < to) && Date.parse(forgottenAt) > from;
}

/**
 * The span that is judged: what is given of it, and else what is covered up to what the next pass will list. Where no start is given,
 * the first edge is left out: of it nothing more can ever be known. One that is all that is covered is judged.
 */
function judgedSpan(covered: readonly Span[], query: CoverageQuery & { spreadMs: number }): Span {
  const [first] = covered;
  const to = query.to ?? judgedUntil(covered, query);
  if (query.from !== undefined || !first) return { from: query.from ?? query.nowMs - RETENTION_MS, to };
  const from = first.from + query.spreadMs;
  return { from: from < Math.min(first.to, to) ? from : first.from, to };
}

function textOf({ from, to }: Span): { from: string; to: string } {
  return { from: isoFromMs(from), to: isoFromMs(to) };
}

/** What the next pass will list is not missing yet, unless passes have stopped coming. */
function judgedUntil(covered: readonly Span[], { nowMs, settlingMs }: CoverageQuery): number {
  const newest = covered.at(-1)?.to ?? 0;
  const settled = nowMs - settlingMs;
  return settled - newest > OVERDUE_MS ? settled : newest;
}

function explainGap(
  db: ArchiveDb,
  place: { accountId: string; region: string },
  gap: Span,
  cutoff: number,
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
  const reason = failed?.error ?? refused;
  const why = reason ? ` Last failure: ${reason}` : '';
  const cause = isForgotten
    ? `No pass listed it within the 30 days that the service keeps.${why}`
    : `Not listed completely yet; the next pass tries again.${why}`;
  return { from: isoFromMs(gap.from), to: isoFromMs(gap.to), isForgotten, cause };
}
