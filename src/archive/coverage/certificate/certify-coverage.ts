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

/** What a certificate says about one account and region. */
export interface CertifiedPlace extends Unfinished, Omit<CoverageProof, 'proven'> {
  accountId: string;
  region: string;
  span: TimeSpan;
  /**
   * True if the span has no gap and touches no edge, the ledger proves all of it, no forgotten command can have run in
   * it, and no invocation in it was pruned.
   */
  complete: boolean;
  /** The covered parts of the span, without edges. */
  covered: TimeSpan[];
  /**
   * The edges within the span, and the one in which the span begins. An edge is the beginning of a covered span, where
   * invocations of earlier commands may be missing.
   */
  edges: CoverageEdge[];
  /**
   * The longest time that is assumed between the request of a command and the request of one of its invocations. Edges
   * are this long.
   */
  spreadMs: number;
  gaps: CoverageGap[];
  /** Parts that count as covered although no entry of the ledger proves them. */
  unproven: TimeSpan[];
  forgottenCommands: ForgottenCommand[];
  /** What pruning removed from the archive. */
  prunings: Pruning[];
  counts: ReconciledCounts;
}

/** A source that is owed in the span and was never collected. Its account, or its region, may not be known. */
export interface CertifiedMissing {
  alias: string;
  accountId: string | null;
  region: string | null;
  sinceAt: string;
  gaps: CoverageGap[];
}

/** The content of a coverage certificate, before it is signed. */
export interface CertifiedCoverage {
  asked: { accountId: string | null; region: string | null; from: string | null; to: string | null };
  /**
   * True if at least one account and region matches the question, all that match are complete, and no missing source
   * can be one of them.
   */
  complete: boolean;
  places: CertifiedPlace[];
  missing: CertifiedMissing[];
}

/**
 * The certificate names at most this many sweeps, and at most this many commands with missing invocations. All accounts
 * and regions share this limit.
 */
const MOST_NAMED = 1000;

/**
 * Whether the archive has everything of a span, with the proofs, all read in one transaction. Reads all entries of the
 * ledger and the commands of the span. This may take long, so do not call it in a process that serves requests.
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
  // Edges were listed too, so they need a proof like the spans around them.
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
