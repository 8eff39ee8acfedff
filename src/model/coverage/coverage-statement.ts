import { isoFromMs } from '../../lib/time.ts';
import { mergeSpans, type Span, uncoveredSpans } from './spans.ts';

/**
 * The header in which an archive says how much of the requested span it has. Times are the times at which invocations
 * were requested.
 */
export const COVERAGE_HEADER = 'x-ssm-archive-coverage';

/** How much of a span an archive has. */
export interface CoverageStatement {
  /** Spans that were not listed to their end. */
  gaps: Span[];
  /** Spans that were listed to their end, but may lack later invocations of commands that were sent before the span. */
  edges: Span[];
  /** How many gaps and edges are not listed here. */
  moreGaps: number;
  /** How many commands of the span may have ended without the archive seeing their end. */
  forgottenCommands: number;
  /**
   * How many owed sources were never collected and may belong to the requested account and region. Their invocations
   * are missing too.
   */
  missingSources?: number | undefined;
  /**
   * The longest time that the archive expects between the request of a command and the request of its last invocation.
   * Undefined for an archive of a version without edges.
   */
  spreadMs?: number | undefined;
  /** The last time that was collected, in epoch milliseconds; present if the span goes beyond that time. */
  untilMs?: number | undefined;
}

const MOST_GAPS = 20;
const MEMBERS = ['gaps', 'edges', 'more-gaps', 'forgotten-commands', 'missing-sources', 'spread-ms', 'until'];

/**
 * Returns the header's text: `complete` or `incomplete`, and what is missing: `incomplete; gaps=<from>/<to>,…;
 * edges=<from>/<to>,…; more-gaps=3; forgotten-commands=1; missing-sources=1; spread-ms=172800000; until=<time>`. `gaps`
 * contains the edges too, so that an archive of a version without edges does not take an edge for covered.
 */
export function formatCoverage(statement: CoverageStatement): string {
  const { edges, moreGaps, forgottenCommands, missingSources = 0, spreadMs, untilMs } = statement;
  const unknown = mergeSpans([...statement.gaps, ...edges]);
  const shown = unknown.slice(0, MOST_GAPS);
  const more = moreGaps + unknown.length - shown.length;
  // If a gap is left out of the list, the edges within it are left out too: they are counted with that gap.
  const ofShown = mergeSpans(edges).filter(({ from }) => shown.some((span) => span.from <= from && from < span.to));
  const isComplete = unknown.length === 0 && more === 0 && forgottenCommands === 0 && missingSources === 0;
  return [
    isComplete ? 'complete' : 'incomplete',
    ...(shown.length > 0 ? [`gaps=${shown.map(spanText).join(',')}`] : []),
    ...(ofShown.length > 0 ? [`edges=${ofShown.map(spanText).join(',')}`] : []),
    ...(more > 0 ? [`more-gaps=${more}`] : []),
    ...(forgottenCommands > 0 ? [`forgotten-commands=${forgottenCommands}`] : []),
    ...(missingSources > 0 ? [`missing-sources=${missingSources}`] : []),
    ...(spreadMs === undefined ? [] : [`spread-ms=${spreadMs}`]),
    ...(untilMs === undefined ? [] : [`until=${isoFromMs(untilMs)}`]),
  ].join('; ');
}

/**
 * Reads a header that formatCoverage made, in this version or an earlier one. Undefined for any other text, because
 * nothing may be concluded from it. Such a text is, for example, an `incomplete` with unknown members, as a newer
 * archive may send it, or one without a member that says what is missing.
 */
export function parseCoverage(text: string): CoverageStatement | undefined {
  const [word, ...parts] = text.split(';').map((part) => part.trim());
  if (word !== 'complete' && word !== 'incomplete') return undefined;
  const members = new Map(parts.map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]));
  const named = spansOf(members.get('gaps'));
  const edges = spansOf(members.get('edges'));
  const numberOf = (name: string) => (members.has(name) ? Number(members.get(name) || Number.NaN) : undefined);
  const statement: CoverageStatement = {
    gaps: named.flatMap((span) => uncoveredSpans(span, edges)),
    edges,
    moreGaps: numberOf('more-gaps') ?? 0,
    forgottenCommands: numberOf('forgotten-commands') ?? 0,
    ...(members.has('missing-sources') && { missingSources: numberOf('missing-sources') }),
    ...(members.has('spread-ms') && { spreadMs: numberOf('spread-ms') }),
    ...(members.has('until') && { untilMs: Date.parse(members.get('until') ?? '') }),
  };
  const { moreGaps, forgottenCommands, missingSources = 0, spreadMs = 0, untilMs = 0 } = statement;
  const numbers = [...named, ...edges].flatMap(({ from, to }) => [from, to]);
  if (![...numbers, moreGaps, forgottenCommands, missingSources, spreadMs, untilMs].every(Number.isFinite))
    return undefined;
  if (word === 'complete') return statement;
  const isExplained =
    named.length > 0 || edges.length > 0 || moreGaps > 0 || forgottenCommands > 0 || missingSources > 0;
  return isExplained && [...members.keys()].every((name) => MEMBERS.includes(name)) ? statement : undefined;
}

function spanText({ from, to }: Span): string {
  return `${isoFromMs(from)}/${isoFromMs(to)}`;
}

function spansOf(text = ''): Span[] {
  return text
    .split(',')
    .filter((span) => span !== '')
    .map((span) => span.split('/').map((time) => Date.parse(time)))
    .map(([from = Number.NaN, to = Number.NaN]) => ({ from, to }));
}
