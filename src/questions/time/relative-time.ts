const DAY_MS = 86_400_000;
/**
 * These constants are in milliseconds. They are not imported from lib/time.ts, because this file also runs in browsers,
 * which can't load lib/time.ts.
 */
const UNITS: ReadonlyMap<string, number> = new Map([
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', DAY_MS],
  ['w', 7 * DAY_MS],
]);
const RELATIVE = /^([+-])(\d{1,7}[mhdw])$/;
const DURATION = /^(\d{1,7})([mhdw])$/;
/** Only times with a year of four digits can be sorted as texts. */
const FIRST_MS = -62_167_219_200_000;
const LAST_MS = 253_402_300_799_999;

/**
 * Returns the milliseconds of a length of time such as 400d; undefined for anything else. A week is 7 days of 24 hours.
 */
export function readDuration(text: string): number | undefined {
  const [, count, unit = ''] = DURATION.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * (UNITS.get(unit) ?? 0);
}

/**
 * Returns a time that counts from `nowMs`, as the archive writes times: a length of time before or after it, such as
 * -7d and +7d, `now`, or `today`, which begins in UTC. Undefined for anything else.
 */
export function relativeTime(text: string, nowMs: number): string | undefined {
  if (text === 'now') return new Date(nowMs).toISOString();
  if (text === 'today') return new Date(Math.floor(nowMs / DAY_MS) * DAY_MS).toISOString();
  const [, sign, length = ''] = RELATIVE.exec(text) ?? [];
  const ms = readDuration(length);
  if (sign === undefined || ms === undefined) return undefined;
  const at = nowMs + (sign === '-' ? -ms : ms);
  return at >= FIRST_MS && at <= LAST_MS ? new Date(at).toISOString() : undefined;
}
