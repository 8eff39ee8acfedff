import type { Report } from '../../questions/reports/report.ts';
import { ReportIsFixed } from '../errors.ts';
import { fixedReports, type ReportsDeps } from '../reports-deps.ts';
import { changeSavedReports } from './change-saved-reports.ts';

/**
 * Saves a report, as reportForm gives it, instead of the saved one of that name where there is one. Throws ReportIsFixed
 * for a name that a report that ships or one of archive.yaml has, ReportsFileInvalid and ReportsFileBusy.
 */
export async function saveReport(deps: ReportsDeps, report: Report): Promise<{ isNew: boolean }> {
  const fixed = fixedReports(deps).find(({ name }) => name === report.name);
  if (fixed) throw new ReportIsFixed(report.name, fixed.origin);
  const { name, description, sql, parameters } = report;
  const change = { name, report: { name, description, sql, parameters } };
  return { isNew: !(await changeSavedReports(deps.reportsFile, change)) };
}
