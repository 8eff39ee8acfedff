import { bindReport, ReportValuesInvalid } from '../questions/reports/bind-report.ts';
import type { ReportDelivery } from '../questions/reports/report.ts';
import { ReportNotFound, ReportsMisconfigured } from './errors.ts';
import { findReport } from './find-report.ts';
import { fixedReports, type ReportsDeps } from './reports-deps.ts';

/**
 * What reading archive.yaml can't tell by itself: whether a report in it takes the name of one that ships, and whether what
 * is to be written by itself is there and can be run with its values. Throws ReportsMisconfigured with all of it.
 */
export async function checkReports(deps: ReportsDeps, deliveries: readonly ReportDelivery[], now: Date): Promise<void> {
  const shipped = new Set(fixedReports({ configured: [] }).map(({ name }) => name));
  const faults = deps.configured
    .filter(({ name }) => shipped.has(name))
    .map(({ name }) => `${name}: ships with ssm-archive; yours needs another name`);
  for (const { report: name, values } of deliveries) {
    try {
      bindReport(await findReport(deps, name), values, now);
    } catch (error) {
      if (error instanceof ReportValuesInvalid) {
        faults.push(...error.faults.map(({ field, message }) => `${name}.values.${field}: ${message}`));
      } else if (error instanceof ReportNotFound)
        faults.push(`${name}: is to be written by itself, but is not defined${error.proposal && `.${error.proposal}`}`);
      else throw error;
    }
  }
  if (faults.length > 0) throw new ReportsMisconfigured([...new Set(faults)]);
}
