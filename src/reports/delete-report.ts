import { changeSavedReports } from './change-saved-reports.ts';
import { ReportIsFixed, ReportNotFound } from './errors.ts';
import { fixedReports, type ReportsDeps } from './reports-deps.ts';

/** Deletes a saved report. Throws ReportNotFound, ReportIsFixed for one that was not saved, and as saveReport. */
export async function deleteReport(deps: ReportsDeps, name: string): Promise<void> {
  const wasThere = await changeSavedReports(deps.reportsFile, { name, report: null });
  if (wasThere) return;
  const fixed = fixedReports(deps).find((report) => report.name === name);
  if (fixed) throw new ReportIsFixed(name, fixed.origin);
  throw new ReportNotFound(name);
}
