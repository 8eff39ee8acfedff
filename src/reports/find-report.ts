import { ReportNotFound } from './errors.ts';
import { fixedReports, type ListedReport, type ReportsDeps } from './reports-deps.ts';
import { readSavedReports } from './saved/read-saved-reports.ts';

/**
 * Returns the report of this name. The file of saved reports is read only if no report elsewhere has the name, so that
 * a fault in that file affects no other report. Throws ReportNotFound and ReportsFileInvalid.
 */
export async function findReport(deps: ReportsDeps, name: string): Promise<ListedReport> {
  const fixed = fixedReports(deps);
  const found = fixed.find((report) => report.name === name);
  if (found) return found;
  const others = await readSavedReports(deps.reportsFile);
  const saved = others.find((report) => report.name === name);
  if (!saved)
    throw new ReportNotFound(
      name,
      [...fixed, ...others].map((report) => report.name),
    );
  return { ...saved, origin: 'saved' };
}
