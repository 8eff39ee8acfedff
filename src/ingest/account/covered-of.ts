import { parseCoverage } from '../../model/coverage/coverage-statement.ts';
import { type Span, uncoveredSpans } from '../../model/coverage/spans.ts';

/**
 * Returns the part of a completely listed span that may count as covered.
 *
 * AWS keeps what was requested at `cutoff` or later. An archive that is asked instead of AWS keeps everything, but each
 * of its replies states which spans that archive lacks: these are not covered here either. If a statement can't be
 * read, nothing is covered. Edges are not covered here either: the other archive may still find invocations in an edge
 * when it collects the gap before it, and then they must be listed here again. If a statement names no edges, each gap
 * counts as having one after it.
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
