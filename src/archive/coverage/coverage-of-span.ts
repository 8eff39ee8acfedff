import type { Database } from 'better-sqlite3';
import { isoFromMs } from '../../lib/time.ts';
import { type Span, spansWithin, uncoveredSpans } from '../../model/coverage/spans.ts';
import type { CoverageQuery } from './coverage-query.ts';
import { type JudgedPlace, judgePlaces } from './judge-places.ts';
import { type AskedPlace, isAskedFor } from './sources/is-asked-for.ts';
import { type MissingCoverage, readMissing } from './sources/missing-coverage.ts';

/** `from` and `to` are in epoch milliseconds. Ends that are not given are chosen as for readCoverage. */
export type SpanQuestion = CoverageQuery & AskedPlace;

/** A part of a span that is not covered, with its account and region. */
export interface SpanGap {
  /** The name of a source that never answered. */
  alias?: string;
  /**
   * Null if the account is not known. Account and region are both null if nothing that is asked for is owed or was ever
   * collected.
   */
  accountId: string | null;
  region: string | null;
  from: string;
  to: string;
  /** The service no longer shows this part, so it can never be collected. */
  isForgotten: boolean;
  /** This part was not over at the last pass, so a later pass lists it. */
  isOpen: boolean;
}

/** The beginning of a covered span of an account and region. Invocations of earlier commands may be missing in it. */
export type SpanEdge = Pick<SpanGap, 'accountId' | 'region' | 'from' | 'to'>;

/**
 * A summary of how much of a span is covered, shown beside a list, a chart or an empty answer. REST, the console and
 * the command line use this form; readCoverage returns the details.
 */
export interface SpanCoverage {
  /**
   * The span that is judged: the one asked for, or from the earliest start to the latest end of all accounts and
   * regions; null if there are none.
   */
  from: string | null;
  to: string | null;
  /** `complete` means the same as in `/v1/coverage`. `notCollected`: no part of the span was ever listed completely. */
  state: 'complete' | 'incomplete' | 'notCollected';
  /** The share of the span that is complete, from 0 to 1, over all accounts and regions and without edges. */
  coveredPart: number;
  /** The oldest gaps, ten at most. `gapCount` counts all gaps. */
  gaps: SpanGap[];
  gapCount: number;
  /** The oldest edges, ten at most. `edgeCount` counts all edges. */
  edges: SpanEdge[];
  edgeCount: number;
  /** How many commands of the span the service forgot before anybody saw them end. */
  forgottenCommands: number;
  /** How many sources are owed in the span and never answered. */
  missingSources: number;
}

const MOST = 10;

/** The answer for a span that lies in the future. */
const NOTHING_YET: Omit<SpanCoverage, 'from'> = {
  ...{ to: null, state: 'notCollected', coveredPart: 0, gaps: [], gapCount: 0, edges: [], edgeCount: 0 },
  ...{ forgottenCommands: 0, missingSources: 0 },
};

/**
 * How much of a span is covered. `complete` means the same as in `/v1/coverage` and in a certificate. Reads no
 * invocations and no sweeps.
 */
export function coverageOfSpan(sqlite: Database, question: SpanQuestion): SpanCoverage {
  const { places, missing } = judgeSpan(sqlite, question);
  const spans = [...places.map(({ span }) => span), ...missing.map(({ span }) => spanOf(span))];
  const first = question.from ?? least(spans.map((span) => span.from));
  // A span without an end asks for everything that has settled by now.
  const settled = question.from === undefined ? undefined : question.nowMs - question.settlingMs;
  const known = question.to ?? greatest(spans.map((span) => span.to)) ?? settled;
  // A span that begins after everything that has settled has no end yet.
  const isToCome =
    question.to === undefined && question.from !== undefined && known !== undefined && known <= question.from;
  if (isToCome) return { ...NOTHING_YET, from: isoFromMs(question.from ?? 0) };
  const to = known;
  // A span that ends before anything was collected or owed has no start.
  const from = first !== undefined && to !== undefined && first >= to ? question.from : first;
  // These accounts and regions were first owed or listed after the end of the span.
  const unborn = from === undefined || to === undefined ? [] : places.filter(({ span }) => span.from >= span.to);
  const gaps = [
    ...places.flatMap(gapsOf),
    ...unborn.flatMap((place) => nothing([], from, to).map((gap) => ({ ...gap, ...nameOf(place) }))),
    ...missing.flatMap(gapsOfMissing),
    ...nothing(spans, from, to),
  ];
  const edges = places.flatMap((place) => place.touched.map((edge) => ({ ...nameOf(place), ...isoSpan(edge) })));
  const whole = sum(spans) + unborn.length * ((to ?? 0) - (from ?? 0));
  const complete = sum(
    places.flatMap(({ span, listed, edges: own }) =>
      spansWithin(span, listed).flatMap((part) => uncoveredSpans(part, own)),
    ),
  );
  return {
    from: from === undefined ? null : isoFromMs(from),
    to: to === undefined ? null : isoFromMs(to),
    state: stateOf(places, missing),
    coveredPart: whole === 0 ? 0 : complete / whole,
    gaps: gaps.sort(byTime).slice(0, MOST),
    gapCount: gaps.length,
    edges: edges.sort(byTime).slice(0, MOST),
    edgeCount: edges.length,
    forgottenCommands: places.reduce((n, { forgottenCommands }) => n + forgottenCommands.length, 0),
    missingSources: missing.length,
  };
}

/**
 * Judges a span in each account and region that is asked for. `missing`: the sources without a known account that may
 * belong to one of them.
 */
export function judgeSpan(
  sqlite: Database,
  question: SpanQuestion,
): { places: JudgedPlace[]; missing: MissingCoverage[] } {
  return {
    places: judgePlaces(sqlite, question),
    missing: readMissing(sqlite, question).filter((source) => isAskedFor(source, question)),
  };
}

function stateOf(places: readonly JudgedPlace[], missing: readonly MissingCoverage[]): SpanCoverage['state'] {
  // If nothing is owed, the coverage does not count as complete.
  if (places.length > 0 && missing.length === 0 && places.every(({ isComplete }) => isComplete)) return 'complete';
  return places.every(({ span, listed }) => spansWithin(span, listed).length === 0) ? 'notCollected' : 'incomplete';
}

function gapsOf(place: JudgedPlace): SpanGap[] {
  return place.gaps.map(({ isForgotten, isOpen, ...gap }) => ({
    ...nameOf(place),
    ...isoSpan(gap),
    isForgotten,
    isOpen,
  }));
}

function gapsOfMissing({ alias, accountId, region, gaps }: MissingCoverage): SpanGap[] {
  return gaps.map(({ from, to, isForgotten }) => ({ alias, accountId, region, from, to, isForgotten, isOpen: false }));
}

/** If nothing is owed in the span, all of it is one gap without account and region. */
function nothing(spans: readonly Span[], from: number | undefined, to: number | undefined): SpanGap[] {
  if (spans.length > 0 || from === undefined || to === undefined) return [];
  return [{ accountId: null, region: null, ...isoSpan({ from, to }), isForgotten: false, isOpen: false }];
}

function nameOf({ accountId, region }: JudgedPlace): { accountId: string; region: string } {
  return { accountId, region };
}

function sum(spans: readonly Span[]): number {
  return spans.reduce((ms, { from, to }) => ms + Math.max(0, to - from), 0);
}

function least(numbers: readonly number[]): number | undefined {
  return numbers.length === 0 ? undefined : Math.min(...numbers);
}

function greatest(numbers: readonly number[]): number | undefined {
  return numbers.length === 0 ? undefined : Math.max(...numbers);
}

function byTime(a: { from: string; to: string }, b: { from: string; to: string }): number {
  return a.from < b.from || (a.from === b.from && a.to < b.to) ? -1 : 1;
}

function spanOf({ from, to }: { from: string; to: string }): Span {
  return { from: Date.parse(from), to: Date.parse(to) };
}

function isoSpan({ from, to }: Span): { from: string; to: string } {
  return { from: isoFromMs(from), to: isoFromMs(to) };
}
