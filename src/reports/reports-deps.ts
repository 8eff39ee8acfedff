import { BUILT_IN_REPORTS } from '../archive/reports/built-in-reports.ts';
import type { Report } from '../questions/reports/report.ts';

export interface ReportsDeps {
  /** The reports of archive.yaml. */
  configured: readonly Report[];
  /** The path of the saved ones, which need not exist. */
  reportsFile: string;
}

/** A report that is not changed by way of the API, and who defined it. */
export interface FixedReport extends Report {
  origin: 'built-in' | 'configured';
}

/** A report, and who defined it. */
export interface ListedReport extends Report {
  origin: FixedReport['origin'] | 'saved';
}

/** What is there without a look at the file: the reports that ship, then those of archive.yaml. */
export function fixedReports({ configured }: Pick<ReportsDeps, 'configured'>): FixedReport[] {
  return [
    ...BUILT_IN_REPORTS.map((report): FixedReport => ({ ...report, origin: 'built-in' })),
    ...configured.map((report): FixedReport => ({ ...report, origin: 'configured' })),
  ];
}
