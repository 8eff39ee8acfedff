import { ReportIsFixed, ReportNotFound } from '../errors.ts';
import { fixedReports, type ReportsDeps } from '../reports-deps.ts';
import { changeSavedReports } from './change-saved-reports.ts';
import { readSavedReports } from './read-saved-reports.ts';

/**
 * Deletes a saved report. Throws ReportNotFound, ReportIsFixed if the report was not saved, and the errors of
 * saveReport.
 */
export async function deleteReport(deps: ReportsDeps, name: string): Promise<void> {
  const wasThere = await changeSavedReports(deps.reportsFile, { name, report: null });
  if (wasThere) return;
  const fixed = fixedReports(deps).find((report) => report.name === name);
  if (fixed) throw new ReportIsFixed(name, fixed.origin);
  const others = await readSavedReports(deps.reportsFile);
  throw new ReportNotFound(
    name,
    [...fixedReports(deps), ...others].map((report) => report.name),
  );
}
