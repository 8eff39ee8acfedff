/** The path of the page about a span's coverage. The span is given in ISO times or dates. */
export function pathOfCoverage({ from, to }: { from?: string | undefined; to?: string | undefined }): string {
  const query = new URLSearchParams({ ...(from && { from: shortInstant(from) }), ...(to && { to: shortInstant(to) }) });
  return query.size === 0 ? '/coverage' : `/coverage?${query}`;
}

/**
 * The shortest form of an ISO time that still means the same: `2026-03-01`, `2026-03-01T09:30Z`,
 * `2026-03-01T09:30:12Z`.
 */
export function shortInstant(at: string): string {
  return at
    .replace(/T00:00:00\.000Z$/, '')
    .replace(/:00\.000Z$/, 'Z')
    .replace(/\.000Z$/, 'Z');
}

const MINUTE_MS = 60_000;

/** A time rounded down to the minute, for sentences about what comes after the time. */
export function minuteBefore(at: string): string {
  return shortInstant(`${at.slice(0, 16)}:00.000Z`);
}

/**
 * A span to the minute, such as `2026-03-01 to 2026-04-01T09:30Z`, rounded inwards (`within`) or outwards (`around`). A
 * span that would be empty after that stays exact.
 */
export function spanToMinute({ from, to }: { from: string; to: string }, how: 'within' | 'around'): string {
  const [up, down] = how === 'within' ? [Math.ceil, Math.floor] : [Math.floor, Math.ceil];
  const [begin, end] = [up(Date.parse(from) / MINUTE_MS), down(Date.parse(to) / MINUTE_MS)];
  if (!(begin < end)) return `${shortInstant(from)} to ${shortInstant(to)}`;
  return [begin, end].map((minutes) => shortInstant(new Date(minutes * MINUTE_MS).toISOString())).join(' to ');
}
