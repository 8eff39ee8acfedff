/** The coverage of a span, as a path; ISO times, or dates. */
export function pathOfCoverage({ from, to }: { from?: string | undefined; to?: string | undefined }): string {
  const query = new URLSearchParams({ ...(from && { from: shortInstant(from) }), ...(to && { to: shortInstant(to) }) });
  return query.size === 0 ? '/coverage' : `/coverage?${query}`;
}

/** An ISO time as short as it can be said without becoming another: `2026-03-01`, `2026-03-01T09:30Z`, `2026-03-01T09:30:12Z`. */
export function shortInstant(at: string): string {
  return at
    .replace(/T00:00:00\.000Z$/, '')
    .replace(/:00\.000Z$/, 'Z')
    .replace(/\.000Z$/, 'Z');
}
