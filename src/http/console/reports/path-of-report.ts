/** The address of a report's page. With values, the page runs the report with them. */
export function pathOfReport(name: string, given: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams(given).toString();
  return `/reports/${encodeURIComponent(name)}${query === '' ? '' : `?${query}`}`;
}
