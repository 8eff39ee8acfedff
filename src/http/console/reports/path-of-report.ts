/** The address of a report's page; it runs with the given values, if any. */
export function pathOfReport(name: string, given: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams(given).toString();
  return `/reports/${encodeURIComponent(name)}${query === '' ? '' : `?${query}`}`;
}
