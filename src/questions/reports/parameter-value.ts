import { isTimeZone, timeZoneName } from '../../lib/time-zone.ts';
import { isFromNow, readTime, TIME_FORMS } from '../time/read-time.ts';
import type { ReportParameterType } from './report.ts';

/** The value that SQL gets for a parameter. Whole numbers are BigInt, because the driver binds a number as REAL. */
export type ParameterValue = string | number | bigint;

const MOST_INTEGER = 2n ** 63n - 1n;
const LEAST_INTEGER = -(2n ** 63n);

/** What each type accepts, worded to come after "must be". */
const EXPECTED: Readonly<Record<ReportParameterType, string>> = {
  text: 'text',
  integer: 'a whole number of at most 64 bits, such as 30',
  real: 'a number, such as 0.5',
  date: 'a date such as 2026-03-01, or a time relative to now such as -7d, -12h, -2w, now or today',
  zone: 'the name of a time zone, such as Europe/Berlin or UTC',
  time: TIME_FORMS,
};

/**
 * Returns the written text as the value to bind for a parameter of this type: a date as `2026-03-01`, a time as in the
 * archive's `_at` columns. `now`, `today` and `-30d` count from `now`, as in readTime. If the text does not fit the
 * type, returns what it must be.
 */
export function parameterValue(
  type: ReportParameterType,
  text: string,
  now: Date,
): { value: ParameterValue } | { expected: string } {
  const value = read(type, text, now);
  return value === undefined ? { expected: EXPECTED[type] } : { value };
}

function read(type: ReportParameterType, text: string, now: Date): ParameterValue | undefined {
  switch (type) {
    case 'text':
      return text;
    case 'integer': {
      if (!/^[+-]?\d{1,40}$/.test(text)) return undefined;
      const value = BigInt(text.replace('+', ''));
      return value >= LEAST_INTEGER && value <= MOST_INTEGER ? value : undefined;
    }
    case 'real': {
      const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
      return Number.isFinite(value) ? value : undefined;
    }
    case 'date':
      return isFromNow(text, now.getTime()) || text.length === 10
        ? readTime(text, now.getTime())?.slice(0, 10)
        : undefined;
    case 'zone':
      // UTC has many names. All of them become "UTC".
      return timeZoneName(text) === 'UTC' ? 'UTC' : isTimeZone(text) ? text : undefined;
    case 'time':
      return readTime(text, now.getTime());
  }
}
