import { ReportNotFound } from './errors.ts';
import { fixedReports, type ListedReport, type ReportsDeps } from './reports-deps.ts';
import { readSavedReports } from './saved/read-saved-reports.ts';

/**
 * The report of this name. The file of saved ones is only read for a name that is nowhere else, so that a fault in it
 * leaves the others be. Throws ReportNotFound and ReportsFileInvalid.
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
