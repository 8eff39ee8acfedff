/** Where a report's page is, run with what is given where anything is. */
export function pathOfReport(name: string, given: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams(given).toString();
  return `/reports/${encodeURIComponent(name)}${query === '' ? '' : `?${query}`}`;
}
