import { parseTime } from './parse-time.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './time.ts';

/** What a time may be written as, on every surface, to stand behind "must be". */
export const TIME_FORMS =
  'a date such as 2026-03-01 (its beginning, in UTC), a time with its zone such as 2026-03-01T09:30:00Z, or one from now such as -7d, -12h, -30m, -2w, now or today';

/** What a length of time may be written as, likewise. */
export const DURATION_FORMS = 'a length of time such as 400d, 12h, 30m or 2w';

const UNITS: ReadonlyMap<string, number> = new Map([
  ['m', MINUTE_MS],
  ['h', HOUR_MS],
  ['d', DAY_MS],
  ['w', 7 * DAY_MS],
]);
const RELATIVE = /^([+-])(\d{1,7}[mhdw])$/;
const DURATION = /^(\d{1,7})([mhdw])$/;
/** Text order is time order in four digits of a year only. */
const FIRST_MS = -62_167_219_200_000;
const LAST_MS = 253_402_300_799_999;
const MOST_SHOWN = 40;

/**
 * A time as the archive writes them: of what parseTime takes, or counted from `nowMs`. `-7d` is before it, `+7d` after it; `7d` is a
 * length of time and no time. A week is 7 days of 24 hours, and `today` begins in UTC. Undefined for anything else. Every surface reads by
 * this one, so that what is right in one is right in all.
 */
export function readTime(text: string, nowMs: number): string | undefined {
  const relative = relativeMs(text, nowMs);
  if (relative === undefined) return parseTime(text);
  return relative >= FIRST_MS && relative <= LAST_MS ? new Date(relative).toISOString() : undefined;
}

/** Whether it counts from now, so that it is another time at every moment. */
export function isRelativeTime(text: string): boolean {
  return relativeMs(text, 0) !== undefined;
}

/** The milliseconds of a length of time such as 400d; undefined for anything else. */
export function readDuration(text: string): number | undefined {
  const [, count, unit = ''] = DURATION.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * (UNITS.get(unit) ?? 0);
}

/** What is wrong with a text that is no time, to stand behind the name of what it was given for; and what may have been meant. */
export function noTime(text: string): string {
  const shown = text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
  const meant = meantTime(text);
  return `must be ${TIME_FORMS}, not "${shown}"${meant === undefined ? '' : `. Did you mean "${meant}"?`}`;
}

/** What is wrong with a span that does not begin before it ends, to stand behind the name of its end. */
export function noSpan(from: { name: string; at: string }, to: { name: string; at: string }): string {
  return `must be later than ${from.name}: ${from.name} is ${from.at}, and ${to.name} is ${to.at}`;
}

function relativeMs(text: string, nowMs: number): number | undefined {
  if (text === 'now') return nowMs;
  if (text === 'today') return Math.floor(nowMs / DAY_MS) * DAY_MS;
  const [, sign, length = ''] = RELATIVE.exec(text) ?? [];
  const ms = readDuration(length);
  return sign === undefined || ms === undefined ? undefined : nowMs + (sign === '-' ? -ms : ms);
}

/** The time that is this text but for case, blanks, a minus or a zone that is missing; undefined where there is none. */
function meantTime(text: string): string | undefined {
  const bare = text
    .trim()
    .toLowerCase()
    .replace(/^[\u2010-\u2015\u2212]\s*/, '-');
  const time = bare.replace(/^(\d{4}-\d{2}-\d{2})[t\s]+(\d{2}:\d{2}\S*)/, '$1T$2').replace(/z$/, 'Z');
  // A + of an address that was not written as %2B arrives as a blank.
  const zoned = time.replace(/ (\d{2}:?\d{2})$/, '+$1');
  const candidates = [bare, `-${bare.replace(/\s/g, '')}`, time, zoned, `${time}Z`];
  return text.length > MOST_SHOWN ? undefined : candidates.find((one) => one !== text && isTime(one));
}

function isTime(text: string): boolean {
  return isRelativeTime(text) || parseTime(text) !== undefined;
}
