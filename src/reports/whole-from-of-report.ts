import { type NeededRows, wholeFromNeeded } from '../archive/sealed/whole-from.ts';
import type { Report } from '../questions/reports/report.ts';
import { spanOfReport } from './span-of-report.ts';

/**
 * The first day from which the rows of a report are whole; undefined if nothing is missing. Call it after the report's
 * query has begun.
 */
export function wholeFromOfReport(
  sqlite: Parameters<typeof wholeFromNeeded>[0],
  report: Report,
  params: Parameters<typeof spanOfReport>[1],
): string | undefined {
  return wholeFromNeeded(sqlite, neededByReport(report, params));
}

/** Which rows a report is made of. SQL that somebody else wrote may read anything, so its span bounds nothing. */
export function neededByReport(report: Report, params: Parameters<typeof spanOfReport>[1]): NeededRows {
  const isUtc = report.parameters.every(({ name, type }) => type !== 'zone' || params[name] === 'UTC');
  if (report.reads === 'nothing' || (report.reads === 'spanUnlessUtc' && isUtc)) return 'none';
  return report.reads === undefined ? {} : { from: spanOfReport(report, params).from };
}
