/** A half-open span of time in epoch milliseconds: `from` is in it, `to` is not. */
export interface Span {
  from: number;
  to: number;
}

/** Returns the spans sorted, with touching or overlapping ones merged and empty ones removed. */
export function mergeSpans(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of [...spans].filter((s) => s.to > s.from).sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else merged.push({ ...span });
  }
  return merged;
}

/** Returns the parts of `whole` that no span in `covered` contains, oldest first. */
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
 * Returns the edge of each covered span: its first part, in which commands that were sent before the span may still
 * have invocations. The service may no longer have shown those invocations.
 */
export function edgesOf(covered: readonly Span[], spreadMs: number): Span[] {
  return mergeSpans(mergeSpans(covered).map(({ from, to }) => ({ from, to: Math.min(to, from + spreadMs) })));
}

/** Returns the span cut into pieces of at most `size` milliseconds, oldest first. */
export function sliceSpan(span: Span, size: number): Span[] {
  const slices: Span[] = [];
  for (let from = span.from; from < span.to; from += size) slices.push({ from, to: Math.min(from + size, span.to) });
  return slices;
}

/** Whether the two spans share a moment. */
export function spansOverlap(a: Span, b: Span): boolean {
  return a.from < b.to && b.from < a.to;
}

/** Returns the span cut in two at the moment. If the moment is not within the span, returns the span as it is. */
export function splitSpan(span: Span, at: number): Span[] {
  if (at <= span.from || at >= span.to) return [span];
  return [
    { from: span.from, to: at },
    { from: at, to: span.to },
  ];
}

/** The parts of `spans` that lie in `whole`. */
export function spansWithin(whole: Span, spans: readonly Span[]): Span[] {
  return spans
    .map(({ from, to }) => ({ from: Math.max(from, whole.from), to: Math.min(to, whole.to) }))
    .filter(({ from, to }) => from < to);
}
