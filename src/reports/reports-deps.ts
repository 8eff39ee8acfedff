import { BUILT_IN_REPORTS } from '../archive/reports/built-in-reports.ts';
import type { Report } from '../questions/reports/report.ts';

export interface ReportsDeps {
  /** The reports of archive.yaml. */
  configured: readonly Report[];
  /** The path of the saved reports; the file need not exist. */
  reportsFile: string;
}

/** A report that can't be changed through the API, and who defined it. */
export interface FixedReport extends Report {
  origin: 'built-in' | 'configured';
}

/** A report, and who defined it. */
export interface ListedReport extends Report {
  origin: FixedReport['origin'] | 'saved';
}

/**
 * Returns the reports that are known without the file of saved ones: the ones that ship, then the ones of archive.yaml.
 */
export function fixedReports({ configured }: Pick<ReportsDeps, 'configured'>): FixedReport[] {
  return [
    ...BUILT_IN_REPORTS.map((report): FixedReport => ({ ...report, origin: 'built-in' })),
    ...configured.map((report): FixedReport => ({ ...report, origin: 'configured' })),
  ];
}
