import { fixedReports, type ListedReport, type ReportsDeps } from './reports-deps.ts';
import { readSavedReports } from './saved/read-saved-reports.ts';

/**
 * Returns all reports by name, each name once. Of reports with the same name, one that ships with ssm-archive comes
 * first, then one of archive.yaml, then a saved one. Throws ReportsFileInvalid.
 */
export async function listReports(deps: ReportsDeps): Promise<ListedReport[]> {
  const saved = await readSavedReports(deps.reportsFile);
  const byName = new Map<string, ListedReport>();
  for (const report of [
    ...fixedReports(deps),
    ...saved.map((report): ListedReport => ({ ...report, origin: 'saved' })),
  ]) {
    if (!byName.has(report.name)) byName.set(report.name, report);
  }
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
