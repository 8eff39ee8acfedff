import { parseTime } from '../time/parse-time.ts';
import { relativeTime } from '../time/relative-time.ts';

/**
 * What a person wrote as a value for SQL. A number only where it is written as one is shown: 012345678901 keeps its zero, and
 * 9007199254740993 its last digit. Times are as columns have them, in UTC: those that count from now (`-7d`, `+12h`, `now`, `today`), which as
 * text would be before or after every time, and those with a zone, which compared as text would be hours off. A date alone is the beginning
 * of its times as text too. Anything else is text as it stands.
 */
export function writtenValue(text: string, nowMs: number): number | string {
  const number = Number(text);
  if (Number.isFinite(number) && String(number) === text) return number;
  const zoned = text.includes('T') ? parseTime(text) : undefined;
  return relativeTime(text, nowMs) ?? zoned ?? text;
}
