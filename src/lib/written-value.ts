import { relativeTime } from './relative-time.ts';

/**
 * What a person wrote as a value for SQL. A number only where it is written as one is shown: 012345678901 keeps its zero, and
 * 9007199254740993 its last digit. `-7d` and `+12h` are the times that they count to, as columns have them: as text they would be before
 * every time, and a question for the last week would be one for all of it. Anything else is text as it stands.
 */
export function writtenValue(text: string, nowMs: number): number | string {
  const number = Number(text);
  if (Number.isFinite(number) && String(number) === text) return number;
  return relativeTime(text, nowMs) ?? text;
}
