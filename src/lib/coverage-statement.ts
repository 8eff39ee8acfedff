import { mergeSpans, type Span } from './spans.ts';
import { isoFromMs } from './time.ts';

/** The header in which an archive says what it has of the span of requested time that was asked for. */
export const COVERAGE_HEADER = 'x-ssm-archive-coverage';

/** What an archive has of a span. */
export interface CoverageStatement {
  /** What it may not have all of. */
  gaps: Span[];
  /** How many more gaps there are than are named. */
  moreGaps: number;
  /** Commands of the span whose end the archive may have missed. */
  forgottenCommands: number;
  /** Sources that are owed and were never collected, and that may be the account and region asked of: what is missing of them is a gap too. */
  missingSources?: number | undefined;
  /** Where the span reaches past what was collected by now: up to when it was, in epoch milliseconds. */
  untilMs?: number | undefined;
}

const MOST_GAPS = 20;

/** `complete` or `incomplete`, and what of it: `incomplete; gaps=<from>/<to>,…; more-gaps=3; forgotten-commands=1; missing-sources=1; until=<time>`. */
export function formatCoverage(statement: CoverageStatement): string {
  const { gaps, moreGaps, forgottenCommands, missingSources = 0, untilMs } = statement;
  const named = mergeSpans(gaps);
  const shown = named.slice(0, MOST_GAPS).map(({ from, to }) => `${isoFromMs(from)}/${isoFromMs(to)}`);
  const more = moreGaps + named.length - shown.length;
  const isComplete = named.length === 0 && more === 0 && forgottenCommands === 0 && missingSources === 0;
  return [
    isComplete ? 'complete' : 'incomplete',
    ...(shown.length > 0 ? [`gaps=${shown.join(',')}`] : []),
    ...(more > 0 ? [`more-gaps=${more}`] : []),
    ...(forgottenCommands > 0 ? [`forgotten-commands=${forgottenCommands}`] : []),
    ...(missingSources > 0 ? [`missing-sources=${missingSources}`] : []),
    ...(untilMs === undefined ? [] : [`until=${isoFromMs(untilMs)}`]),
  ].join('; ');
}

/** Reads what formatCoverage writes; undefined for anything else, of which nothing may be believed. */
export function parseCoverage(text: string): CoverageStatement | undefined {
  const [word, ...parts] = text.split(';').map((part) => part.trim());
  if (word !== 'complete' && word !== 'incomplete') return undefined;
  const members = new Map(parts.map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]));
  const gaps = (members.get('gaps') ?? '')
    .split(',')
    .filter((gap) => gap !== '')
    .map((gap) => gap.split('/').map((time) => Date.parse(time)));
  const statement: CoverageStatement = {
    gaps: gaps.map(([from = Number.NaN, to = Number.NaN]) => ({ from, to })),
    moreGaps: Number(members.get('more-gaps') ?? 0),
    forgottenCommands: Number(members.get('forgotten-commands') ?? 0),
    ...(members.has('missing-sources') && { missingSources: Number(members.get('missing-sources')) }),
    ...(members.has('until') && { untilMs: Date.parse(members.get('until') ?? '') }),
  };
  const numbers = [
    ...statement.gaps.flatMap(({ from, to }) => [from, to]),
    ...[statement.moreGaps, statement.forgottenCommands, statement.missingSources ?? 0, statement.untilMs ?? 0],
  ];
  return numbers.every((number) => Number.isFinite(number)) ? statement : undefined;
}
