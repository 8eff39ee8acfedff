import { isoFromMs } from '../../lib/time.ts';
import { mergeSpans, type Span, uncoveredSpans } from './spans.ts';

/** The header in which an archive says what it has of the span of requested time that was asked for. */
export const COVERAGE_HEADER = 'x-ssm-archive-coverage';

/** What an archive has of a span. */
export interface CoverageStatement {
  /** What was not listed to its end. */
  gaps: Span[];
  /** What was, but may lack later invocations of commands that were sent before. */
  edges: Span[];
  /** How many more gaps and edges there are than are named. */
  moreGaps: number;
  /** Commands of the span whose end the archive may have missed. */
  forgottenCommands: number;
  /** Sources that are owed and were never collected, and that may be the account and region asked of: what is missing of them is a gap too. */
  missingSources?: number | undefined;
  /** How long after its command an invocation is assumed to be requested at most. An archive that knows of no edges says none. */
  spreadMs?: number | undefined;
  /** Where the span reaches past what was collected by now: up to when it was, in epoch milliseconds. */
  untilMs?: number | undefined;
}

const MOST_GAPS = 20;
const MEMBERS = ['gaps', 'edges', 'more-gaps', 'forgotten-commands', 'missing-sources', 'spread-ms', 'until'];

/**
 * `complete` or `incomplete`, and what of it: `incomplete; gaps=<from>/<to>,…; edges=<from>/<to>,…; more-gaps=3; forgotten-commands=1;
 * missing-sources=1; spread-ms=172800000; until=<time>`. `gaps` has the edges too: an archive that knows of none then believes no more than is known.
 */
export function formatCoverage(statement: CoverageStatement): string {
  const { edges, moreGaps, forgottenCommands, missingSources = 0, spreadMs, untilMs } = statement;
  const unknown = mergeSpans([...statement.gaps, ...edges]);
  const shown = unknown.slice(0, MOST_GAPS);
  const more = moreGaps + unknown.length - shown.length;
  // An edge within what is not named any more is counted with it.
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
 * Reads what formatCoverage writes, also that of an older archive; undefined for anything else, of which nothing may be believed: an
 * `incomplete` of a newer archive too, where it has members that are not known here, or none that says what is missing.
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
