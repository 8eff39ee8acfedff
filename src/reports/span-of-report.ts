import { DAY_MS, isoFromMs } from '../lib/time.ts';
import type { SqlValue } from '../processes/sql/bind-params.ts';
import type { Report } from '../questions/reports/report.ts';

/** ISO 8601, and perhaps of one account or region alone. */
export interface ReportSpan {
  accountId?: string | undefined;
  region?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

/**
 * The span of requested time that a report is run over, by its parameters `from`, `to` or `since`, where they are times or dates, and the account
 * and region that it is narrowed to; all of the archive where it has none. Nobody can know what else its SQL asks for.
 */
export function spanOfReport({ parameters }: Report, params: Readonly<Record<string, SqlValue>>): ReportSpan {
  const givenOf = (...names: string[]) => {
    const found = parameters.find(({ name }) => names.includes(name));
    const value = found && params[found.name];
    return found && typeof value === 'string' && value !== '' ? { type: found.type, value } : undefined;
  };
  const zone = parameters.find(({ type }) => type === 'zone')?.name;
  // A date is a day on some clocks: elsewhere than in UTC, it began or ended on the day beside it.
  const marginMs = zone === undefined || params[zone] === 'UTC' ? 0 : DAY_MS;
  const timeOf = (isEnd: boolean, ...names: string[]) => {
    const found = givenOf(...names);
    const at = Date.parse(found?.value ?? '');
    if (found?.type === 'time' && Number.isFinite(at)) return isoFromMs(at);
    if (found?.type !== 'date' || !Number.isFinite(at)) return undefined;
    // Of two dates, the last one is in the span.
    return isoFromMs(isEnd ? at + DAY_MS + marginMs : at - marginMs);
  };
  return {
    accountId: givenOf('account')?.value,
    region: givenOf('region')?.value,
    from: timeOf(false, 'from', 'since'),
    to: timeOf(true, 'to'),
  };
}
