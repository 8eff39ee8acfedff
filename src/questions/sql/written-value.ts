import { parseTime } from '../time/parse-time.ts';
import { relativeTime } from '../time/relative-time.ts';

/**
 * Returns a text that a person wrote as a value for SQL. It becomes a number only if that number is written in exactly
 * the same way. So 012345678901 keeps its zero, and 9007199254740993 keeps its last digit. Times become UTC as in the
 * columns. That matters for times that count from now (`-7d`, `+12h`, `now`, `today`), which as text would sort before
 * or after every time, and for times with a zone, which would be hours off. A date alone sorts as text before all of
 * its times, as it should. Anything else stays text.
 */
export function writtenValue(text: string, nowMs: number): number | string {
  const number = Number(text);
  if (Number.isFinite(number) && String(number) === text) return number;
  const zoned = text.includes('T') ? parseTime(text) : undefined;
  return relativeTime(text, nowMs) ?? zoned ?? text;
}
