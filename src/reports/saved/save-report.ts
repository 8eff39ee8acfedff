import type { Report } from '../../questions/reports/report.ts';
import { ReportIsFixed } from '../errors.ts';
import { fixedReports, type ReportsDeps } from '../reports-deps.ts';
import { changeSavedReports } from './change-saved-reports.ts';

/**
 * Saves a report, as reportForm returns it, and replaces a saved one of the same name. Throws ReportIsFixed if the name
 * belongs to a report that ships or one of archive.yaml, ReportsFileInvalid, and ReportsFileBusy.
 */
export async function saveReport(deps: ReportsDeps, report: Report): Promise<{ isNew: boolean }> {
  const fixed = fixedReports(deps).find(({ name }) => name === report.name);
  if (fixed) throw new ReportIsFixed(report.name, fixed.origin);
  const { name, description, sql, engine, parameters } = report;
  const change = { name, report: { name, description, sql, ...(engine && { engine }), parameters } };
  return { isNew: !(await changeSavedReports(deps.reportsFile, change)) };
}
