import { ReportNotFound } from './errors.ts';
import { readSavedReports } from './read-saved-reports.ts';
import { fixedReports, type ListedReport, type ReportsDeps } from './reports-deps.ts';

/**
 * The report of this name. The file of saved ones is only read for a name that is nowhere else, so that a fault in it
 * leaves the others be. Throws ReportNotFound and ReportsFileInvalid.
 */
export async function findReport(deps: ReportsDeps, name: string): Promise<ListedReport> {
  const fixed = fixedReports(deps).find((report) => report.name === name);
  if (fixed) return fixed;
  const saved = (await readSavedReports(deps.reportsFile)).find((report) => report.name === name);
  if (!saved) throw new ReportNotFound(name);
  return { ...saved, origin: 'saved' };
}
