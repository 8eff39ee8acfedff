import type { Database } from 'better-sqlite3';
import { RETENTION_MS } from '../../model/coverage/retention.ts';
import { edgesOf, type Span, spansOverlap, splitSpan, uncoveredSpans } from '../../model/coverage/spans.ts';
import { listPlaces } from '../nodes/list-places.ts';
import { listCovered } from '../record/mark-covered.ts';
import {
  type ForgottenCommand,
  readUnfinishedAndForgotten,
  type UnfinishedAndForgotten,
} from '../record/read-unfinished-and-forgotten.ts';
import type { CoverageQuery } from './coverage-query.ts';
import { OVERDUE_MS } from './coverage-times.ts';
import { readSpread } from './read-spread.ts';
import { type AskedPlace, isAskedFor } from './sources/is-asked-for.ts';
import { judgedFrom, type OwedSpan, owedSpanOf, settledOf } from './sources/owed-span.ts';

/** A part of the judged span that is not listed completely. */
export interface JudgedGap extends Span {
  /** The service no longer shows this part. */
  isForgotten: boolean;
  /** This part was not over yet at the last pass, and passes still run, so it does not count as missing. */
  isOpen: boolean;
}

/** How far a span is covered in an account and region, and the forgotten commands that may have run in the span. */
export interface JudgedPlace extends UnfinishedAndForgotten {
  accountId: string;
  region: string;
  /** The span that is judged. */
  span: Span;
  isComplete: boolean;
  /** The source was ended, so no pass tries again. */
  isEnded: boolean;
  /** All time that was listed completely, with edges, also outside of the span. */
  listed: Span[];
  /** The beginnings of the listed spans. Invocations of earlier commands may be missing in them. */
  edges: Span[];
  /** The edges that touch the span. */
  touched: Span[];
  gaps: JudgedGap[];
  spreadMs: number;
}

/**
 * How far each account and region that is asked for is covered. Every statement of coverage comes from this function,
 * so that the console, REST, the command line, certificates and metrics all say the same about a span.
 */
export function judgePlaces(sqlite: Database, query: CoverageQuery & AskedPlace): JudgedPlace[] {
  const { accountId, region, ...rest } = query;
  return listPlaces(sqlite)
    .filter((place) => isAskedFor(place, { accountId, region }))
    .flatMap((place): JudgedPlace[] => {
      const listed = listCovered(sqlite, place);
      const owed = owedSpanOf(sqlite, place);
      if (isOver(listed, rest, owed)) return [];
      const spreadMs = readSpread(sqlite, place);
      const span = judgedSpan(listed, { ...rest, spreadMs }, owed);
      const edges = edgesOf(listed, spreadMs);
      const touched = edges.filter((edge) => spansOverlap(edge, span));
      const until = judgedUntil(listed, rest, owed);
      const gaps = uncoveredSpans(span, listed)
        .flatMap((gap) => splitSpan(gap, rest.nowMs - RETENTION_MS))
        .flatMap((gap) => splitSpan(gap, until))
        .map((gap) => ({ ...gap, isForgotten: gap.to <= rest.nowMs - RETENTION_MS, isOpen: gap.from >= until }));
      const commands = readUnfinishedAndForgotten(sqlite, place);
      const forgottenCommands = commands.forgottenCommands.filter((command) => mayHaveRunIn(span, command));
      return [
        {
          ...{ ...place, span, listed, edges, touched, gaps, spreadMs, isEnded: owed?.to !== undefined },
          // An empty span has no gaps, but is not complete either.
          isComplete:
            gaps.length === 0 && touched.length === 0 && forgottenCommands.length === 0 && span.from < span.to,
          unfinishedCommands: commands.unfinishedCommands,
          forgottenCommands,
        },
      ];
    });
}

/**
 * Whether invocations of a forgotten command may have been requested in the span: after the command was requested, and
 * before the service forgot it.
 */
function mayHaveRunIn({ from, to }: Span, { requestedAt, forgottenAt }: ForgottenCommand): boolean {
  return (requestedAt === null || Date.parse(requestedAt) < to) && Date.parse(forgottenAt) > from;
}

/** Whether a place is no longer owed, and there is nothing to judge in the requested span. */
function isOver(listed: readonly Span[], query: CoverageQuery, owed: OwedSpan | undefined): boolean {
  if (owed?.to === undefined) return false;
  if (query.from === undefined && query.to === undefined) return listed.length === 0;
  return query.from !== undefined && query.from >= judgedUntil(listed, query, owed);
}

/**
 * The span that is judged: the given ends, or else from the beginning of what is listed to where the next pass will
 * begin. If the place was ended, the span ends at that time at the latest.
 */
function judgedSpan(
  listed: readonly Span[],
  query: CoverageQuery & { spreadMs: number },
  owed: OwedSpan | undefined,
): Span {
  const until = judgedUntil(listed, query, owed);
  const to = owed?.to === undefined ? (query.to ?? until) : Math.min(query.to ?? until, until);
  // A span that ends before anything was listed or owed has no beginning, so no moment of it is judged.
  return { from: query.from ?? Math.min(to, beginning(listed, { ...query, to }, owed)), to };
}

/**
 * If no start is given, the first edge is left out, because no later pass can learn more about it. It is judged only if
 * nothing else is listed, or if something was owed before it.
 */
function beginning(
  listed: readonly Span[],
  { nowMs, spreadMs, to }: { nowMs: number; spreadMs: number; to: number },
  owed: OwedSpan | undefined,
): number {
  const [first] = listed;
  const begin = judgedFrom(first?.from, owed, nowMs);
  if (!first || begin < first.from) return begin;
  const edgeEnd = first.from + spreadMs;
  return edgeEnd < Math.min(first.to, to) ? edgeEnd : begin;
}

/** The time that the next pass will list is not missing yet, unless passes have stopped. */
function judgedUntil(listed: readonly Span[], query: CoverageQuery, owed: OwedSpan | undefined): number {
  const newest = listed.at(-1)?.to ?? 0;
  const settled = settledOf(owed, query);
  return settled - newest > OVERDUE_MS ? settled : newest;
}
