/** A half-open span of time in epoch milliseconds: `from` is in it, `to` is not. */
export interface Span {
  from: number;
  to: number;
}

/** Sorted, with those that touch or overlap made one, and the empty ones gone. */
export function mergeSpans(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of [...spans].filter((s) => s.to > s.from).sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else merged.push({ ...span });
  }
  return merged;
}

/** What of `whole` none of `covered` holds, oldest first. */
export function uncoveredSpans(whole: Span, covered: readonly Span[]): Span[] {
  const gaps: Span[] = [];
  let from = whole.from;
  for (const span of mergeSpans(covered)) {
    if (span.to <= from) continue;
    if (span.from >= whole.to) break;
    if (span.from > from) gaps.push({ from, to: span.from });
    from = span.to;
  }
  if (from < whole.to) gaps.push({ from, to: whole.to });
  return gaps;
}

/**
 * The beginning of each covered span, so far as commands that were sent before it may reach: of such a command the service
 * may no longer have shown the later invocations.
 */
export function edgesOf(covered: readonly Span[], spreadMs: number): Span[] {
  return mergeSpans(mergeSpans(covered).map(({ from, to }) => ({ from, to: Math.min(to, from + spreadMs) })));
}

/** The span cut into pieces no longer than `size` milliseconds, oldest first. */
export function sliceSpan(span: Span, size: number): Span[] {
  const slices: Span[] = [];
  for (let from = span.from; from < span.to; from += size) slices.push({ from, to: Math.min(from + size, span.to) });
  return slices;
}

/** Whether the two have a moment in common. */
export function spansOverlap(a: Span, b: Span): boolean {
  return a.from < b.to && b.from < a.to;
}

/** The span in two at a moment within it, else as it is. */
export function splitSpan(span: Span, at: number): Span[] {
  if (at <= span.from || at >= span.to) return [span];
  return [
    { from: span.from, to: at },
    { from: at, to: span.to },
  ];
}
