import { parseTime } from './parse-time.ts';
import { readDuration, relativeTime } from './relative-time.ts';

/** How a time may be written everywhere, worded to come after "must be". */
export const TIME_FORMS =
  'a date such as 2026-03-01 (its beginning, in UTC), a time with its zone such as 2026-03-01T09:30:00Z, or a time relative to now such as -7d, -12h, -30m, -2w, now or today';

/** How a time may be written, as a sentence at the end of a command's help. */
export const TIME_HELP = `A <time> is ${TIME_FORMS}.`;

/** How a length of time may be written, worded to come after "must be". */
export const DURATION_FORMS = 'a length of time such as 400d, 12h, 30m or 2w';

const MOST_SHOWN = 40;

/**
 * Returns a time as the archive writes it, from a text for parseTime or a text that counts from `nowMs`. `-7d` is
 * before it, `+7d` after it; `7d` is a length of time, not a time. `today` begins in UTC. Undefined for anything else.
 * Every surface uses this function, so all accept the same texts.
 */
export function readTime(text: string, nowMs: number): string | undefined {
  return relativeTime(text, nowMs) ?? parseTime(text);
}

/** Whether a text is a time relative to now, so that its meaning changes all the time. */
export function isFromNow(text: string, nowMs: number): boolean {
  return parseTime(text) === undefined && readTime(text, nowMs) !== undefined;
}

/**
 * Returns what is wrong with a text that is not a time, and what may have been meant. Worded to come after the name of
 * the field.
 */
export function noTime(text: string): string {
  const meant = meantTime(text);
  return `must be ${TIME_FORMS}, not "${shownOf(text)}"${meant === undefined ? '' : `. Did you mean "${meant}"?`}`;
}

/** Returns what is wrong with a text that is not a length of time, in the same way as noTime. */
export function noDuration(text: string): string {
  const meant = [text.replace(/^[+-]/, ''), `${text}d`].find((one) => readDuration(one) !== undefined);
  return `must be ${DURATION_FORMS}, not "${shownOf(text)}"${meant === undefined ? '' : `. Did you mean "${meant}"?`}`;
}

/**
 * Returns what is wrong with a span that does not begin before it ends. Worded to come after the name of the field with
 * the end.
 */
export function noSpan(from: { name: string; at: string }, to: { name: string; at: string }): string {
  return `must be later than ${from.name}: ${from.name} is ${from.at}, and ${to.name} is ${to.at}`;
}

function shownOf(text: string): string {
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
}

/**
 * Returns the valid text that this one resembles, apart from case, blanks, or a missing minus or zone; undefined if
 * there is none.
 */
function meantTime(text: string): string | undefined {
  const bare = text
    .trim()
    .toLowerCase()
    .replace(/^[\u2010-\u2015\u2212]\s*/, '-');
  const time = bare.replace(/^(\d{4}-\d{2}-\d{2})[t\s]+(\d{2}:\d{2}\S*)/, '$1T$2').replace(/z$/, 'Z');
  // A + in a URL arrives as a blank if it was not written as %2B.
  const zoned = time.replace(/ (\d{2}:?\d{2})$/, '+$1');
  const candidates = [bare, `-${bare.replace(/\s/g, '')}`, time, zoned, `${time}Z`];
  return text.length > MOST_SHOWN
    ? undefined
    : candidates.find((one) => one !== text && readTime(one, 0) !== undefined);
}
