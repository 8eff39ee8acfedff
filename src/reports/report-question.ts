import type { AskedParameter } from '../archive/values/find-unseen-parameters.ts';
import type { Report } from '../questions/reports/report.ts';
import { askedParameters } from './asked-parameters.ts';
import { type ReportSpan, spanOfReport } from './span-of-report.ts';
import { toSqlParams } from './to-sql-params.ts';

/**
 * Returns the question for explainReport about a run: the values of filters, and the span if there were no rows;
 * undefined if there is nothing to ask. `values` are as bindReport returns them.
 */
export function reportQuestion(
  report: Report,
  values: Parameters<typeof toSqlParams>[0],
  rows: number | undefined,
): { parameters: AskedParameter[]; span?: ReportSpan } | undefined {
  const parameters = askedParameters(report, values);
  const span = rows === 0 ? spanOfReport(report, toSqlParams(values)) : {};
  if (span.from !== undefined || span.to !== undefined) return { parameters, span };
  return parameters.length > 0 ? { parameters } : undefined;
}
