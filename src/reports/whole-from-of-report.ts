import { wholeFrom } from '../archive/sealed/whole-from.ts';
import type { Report } from '../questions/reports/report.ts';
import { spanOfReport } from './span-of-report.ts';

/**
 * The first day from which the rows of a report are whole; undefined if nothing is missing. SQL that somebody else wrote
 * may read anything, so its span bounds nothing. Call it after the report's query has begun.
 */
export function wholeFromOfReport(
  sqlite: Parameters<typeof wholeFrom>[0],
  report: Report,
  params: Parameters<typeof spanOfReport>[1],
): string | undefined {
  const isUtc = report.parameters.every(({ name, type }) => type !== 'zone' || params[name] === 'UTC');
  if (report.reads === 'nothing' || (report.reads === 'spanUnlessUtc' && isUtc)) return undefined;
  return wholeFrom(sqlite, report.reads === undefined ? undefined : spanOfReport(report, params).from);
}
