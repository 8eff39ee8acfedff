import { bindReport, ReportValuesInvalid } from '../questions/reports/bind-report.ts';
import type { ReportDelivery } from '../questions/reports/report.ts';
import { ReportNotFound, ReportsMisconfigured } from './errors.ts';
import { findReport } from './find-report.ts';
import { fixedReports, type ReportsDeps } from './reports-deps.ts';

/**
 * Checks what reading archive.yaml can't: whether a report in it has the name of a report that ships with ssm-archive,
 * and whether each report that a schedule writes exists and can be run with its values. Throws ReportsMisconfigured
 * with all faults.
 */
export async function checkReports(deps: ReportsDeps, deliveries: readonly ReportDelivery[], now: Date): Promise<void> {
  const shipped = new Set(fixedReports({ configured: [] }).map(({ name }) => name));
  const faults = deps.configured
    .filter(({ name }) => shipped.has(name))
    .map(({ name }) => `${name}: a report of this name ships with ssm-archive; give yours another name`);
  for (const { report: name, values } of deliveries) {
    try {
      bindReport(await findReport(deps, name), values, now);
    } catch (error) {
      if (error instanceof ReportValuesInvalid) {
        faults.push(...error.faults.map(({ field, message }) => `${name}.values.${field}: ${message}`));
      } else if (error instanceof ReportNotFound)
        faults.push(`${name}: has a schedule, but is not defined${error.proposal && `.${error.proposal}`}`);
      else throw error;
    }
  }
  if (faults.length > 0) throw new ReportsMisconfigured([...new Set(faults)]);
}
