import { parseCoverage } from '../../model/coverage/coverage-statement.ts';
import { type Span, uncoveredSpans } from '../../model/coverage/spans.ts';

/**
 * What of a completely listed span may count as covered. The service keeps what was requested at `cutoff` or later. An
 * archive in its place keeps all, but says with each reply what it does not have itself: that is no more covered here, and
 * nothing is by a statement that can't be read. Its edges are not covered either: what is missing there may still come to it, when
 * it collects the gap before, and is then listed here as well. One that knows of no edges is taken to have them after its gaps.
 */
export function coveredOf(
  span: Span,
  { cutoff, spreadMs }: { cutoff: number; spreadMs: number },
  upstream: readonly string[],
): Span[] {
  if (upstream.length === 0) {
    const from = Math.max(span.from, cutoff);
    return from < span.to ? [{ from, to: span.to }] : [];
  }
  let to = span.to;
  const unknown: Span[] = [];
  for (const text of upstream) {
    const statement = parseCoverage(text);
    if (!statement || statement.moreGaps > 0 || statement.forgottenCommands > 0 || (statement.missingSources ?? 0) > 0)
      return [];
    unknown.push(...statement.gaps, ...statement.edges);
    if (statement.spreadMs === undefined)
      unknown.push(...statement.gaps.map((gap) => ({ from: gap.to, to: gap.to + spreadMs })));
    to = Math.min(to, statement.untilMs ?? to);
  }
  return uncoveredSpans({ from: span.from, to }, unknown);
}
