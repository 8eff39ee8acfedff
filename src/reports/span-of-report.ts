import { DAY_MS, isoFromMs } from '../lib/time.ts';
import type { Report } from '../questions/reports/report.ts';
import type { SqlValue } from '../questions/sql/sql-values.ts';

/** A span of requested time in ISO 8601, perhaps for only one account or region. */
export interface ReportSpan {
  accountId?: string | undefined;
  region?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

/**
 * Returns the span of requested time that a report is run over, from its parameters `from`, `to` or `since` if these
 * are times or dates, with the account and region that it is narrowed to. Without such parameters, that is the whole
 * archive. The report's SQL may narrow the span further; this function can't see that.
 */
export function spanOfReport({ parameters }: Report, params: Readonly<Record<string, SqlValue>>): ReportSpan {
  const givenOf = (...names: string[]) => {
    const found = parameters.find(({ name }) => names.includes(name));
    const value = found && params[found.name];
    return found && typeof value === 'string' && value !== '' ? { type: found.type, value } : undefined;
  };
  const zone = parameters.find(({ type }) => type === 'zone')?.name;
  // A day of another time zone may begin a day earlier, or end a day later, than the same date in UTC.
  const marginMs = zone === undefined || params[zone] === 'UTC' ? 0 : DAY_MS;
  const timeOf = (isEnd: boolean, ...names: string[]) => {
    const found = givenOf(...names);
    const at = Date.parse(found?.value ?? '');
    if (found?.type === 'time' && Number.isFinite(at)) return isoFromMs(at);
    if (found?.type !== 'date' || !Number.isFinite(at)) return undefined;
    // If `to` is a date, that day belongs to the span.
    return isoFromMs(isEnd ? at + DAY_MS + marginMs : at - marginMs);
  };
  return {
    accountId: givenOf('account')?.value,
    region: givenOf('region')?.value,
    from: timeOf(false, 'from', 'since'),
    to: timeOf(true, 'to'),
  };
}
