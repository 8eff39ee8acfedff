import type { Database } from 'better-sqlite3';
import { isoFromMs } from '../../../lib/time.ts';
import { type Span, spansOverlap, uncoveredSpans } from '../../../model/coverage/spans.ts';
import { listPrunings, type Pruning } from '../../checkpoints/list-prunings.ts';
import { listCovered } from '../../record/mark-covered.ts';
import type { ForgottenCommand } from '../../record/read-unfinished-and-forgotten.ts';
import { type ReconciledCounts, reconcileCounts } from '../../record/reconcile-counts.ts';
import type { CoverageEdge } from '../edge.ts';
import { type CoverageGap, type CoverageQuery, type PlaceCoverage, readPlaces } from '../read-coverage.ts';
import { isAskedFor } from '../sources/is-asked-for.ts';
import { readMissing } from '../sources/missing-coverage.ts';
import { countUnfinished, type Unfinished } from './count-unfinished.ts';
import { type CoverageProof, listProvingSweeps } from './list-proving-sweeps.ts';

export interface CertificateQuery extends CoverageQuery {
  accountId?: string | undefined;
  region?: string | undefined;
}

interface TimeSpan {
  from: string;
  to: string;
}

/** What is certified of one account and region. */
export interface CertifiedPlace extends Unfinished, Omit<CoverageProof, 'proven'> {
  accountId: string;
  region: string;
  span: TimeSpan;
  /** The span has no gap and touches no edge, all of it is proven by the ledger, no command was forgotten that may have run in it, and no invocation of it was pruned. */
  complete: boolean;
  /** What of the span is covered, but for edges. */
  covered: TimeSpan[];
  /** Beginnings of covered spans in which invocations of earlier commands may be missing: of the span, and the one that it begins after. */
  edges: CoverageEdge[];
  /** How long after its command an invocation is assumed to be requested at most: edges reach so far. */
  spreadMs: number;
  gaps: CoverageGap[];
  /** What of it counts as covered, and no entry of the ledger proves. */
  unproven: TimeSpan[];
  forgottenCommands: ForgottenCommand[];
  /** What was kept, and removed since. */
  prunings: Pruning[];
  counts: ReconciledCounts;
}

/** A source that is owed of the span, and never was collected: which account it is, or which region, nobody knows. */
export interface CertifiedMissing {
  alias: string;
  accountId: string | null;
  region: string | null;
  sinceAt: string;
  gaps: CoverageGap[];
}

/** What a coverage certificate states, before it is signed. */
export interface CertifiedCoverage {
  asked: { accountId: string | null; region: string | null; from: string | null; to: string | null };
  /** There is a place that was asked for, all of them are complete, and no source is missing that may be one of them. */
  complete: boolean;
  places: CertifiedPlace[];
  missing: CertifiedMissing[];
}

/** So many sweeps, and so many commands that fall short, are named in all; the places share them. */
const MOST_NAMED = 1000;

/**
 * Whether the archive has all of a span, and what shows it, from one moment's state. Reads all entries of the ledger once, and
 * the commands of the span: it is for a process that may take its time.
 */
export function certifyCoverage(sqlite: Database, query: CertificateQuery): CertifiedCoverage {
  return sqlite.transaction((): CertifiedCoverage => {
    const found = readPlaces(sqlite, query)
      .filter((place) => isAskedFor(place, query))
      .map((place) => ({ ...place, span: spanOf(place.span) }));
    const missing = readMissing(sqlite, query)
      .filter((source) => isAskedFor(source, query))
      .map(({ alias, accountId, region, sinceAt, gaps }) => ({ alias, accountId, region, sinceAt, gaps }));
    const most = Math.max(1, Math.floor(MOST_NAMED / Math.max(1, found.length)));
    const proofs = listProvingSweeps(sqlite, found, most);
    const prunings = listPrunings(sqlite, found);
    const places = found.map((place, n) =>
      certifiedPlace(sqlite, place, { proof: proofs[n], prunings: prunings[n] ?? [], most }),
    );
    const { accountId = null, region = null, from, to } = query;
    return {
      asked: {
        accountId,
        region,
        from: from === undefined ? null : isoFromMs(from),
        to: to === undefined ? null : isoFromMs(to),
      },
      complete: places.length > 0 && places.every(({ complete }) => complete) && missing.length === 0,
      places,
      missing,
    };
  })();
}

type FoundPlace = Omit<PlaceCoverage, 'span'> & { span: Span };

function certifiedPlace(
  sqlite: Database,
  { accountId, region, span, isComplete, covered, edges, spreadMs, gaps, forgottenCommands }: FoundPlace,
  { proof, prunings, most }: { proof: CoverageProof | undefined; prunings: Pruning[]; most: number },
): CertifiedPlace {
  const { proven, ...shown } = proof ?? { proven: [], sweeps: [], moreSweeps: 0, broughtInLeaves: [] };
  const within = (spans: readonly Span[]) =>
    spans
      .filter((part) => spansOverlap(part, span))
      .map(({ from, to }) => ({ from: Math.max(from, span.from), to: Math.min(to, span.to) }));
  const isWhole = prunings.every(({ what, invocations }) => what !== 'entries' || invocations === 0);
  // Edges were listed too, and are to be proven as what is around them.
  const unproven = within(listCovered(sqlite, { accountId, region })).flatMap((part) => uncoveredSpans(part, proven));
  return {
    ...{ accountId, region, span: isoSpan(span), complete: isComplete && isWhole && unproven.length === 0 },
    ...{
      covered: within(covered.map(spanOf)).map(isoSpan),
      edges,
      spreadMs,
      gaps,
      unproven: unproven.map(isoSpan),
      forgottenCommands,
      prunings,
    },
    ...countUnfinished(sqlite, { accountId, region, span }),
    counts: reconcileCounts(sqlite, { accountId, region, span, most }),
    ...shown,
  };
}

function spanOf({ from, to }: TimeSpan): Span {
  return { from: Date.parse(from), to: Date.parse(to) };
}

function isoSpan({ from, to }: Span): TimeSpan {
  return { from: isoFromMs(from), to: isoFromMs(to) };
}
