import { MINUTE_MS } from '../../lib/time.ts';
import { isTimeZone } from '../../lib/time-zone.ts';

/** Clocks change only at whole quarters of an hour. */
const QUARTER_MS = 15 * MINUTE_MS;
const MOST_KEPT = 100_000;

interface Zone {
  format: Intl.DateTimeFormat;
  /** How far the zone's clocks are ahead of UTC, for each quarter of an hour that was asked for. */
  offsets: Map<number, number>;
}

const zones = new Map<string, Zone>();

/**
 * `local_time(at, zone)`: a time of the archive on the clocks of a time zone, summer time included, as `2026-03-29
 * 03:30:00`. NULL for NULL, and for a text that is not a time.
 */
export function localTime(at: unknown, zone: unknown): string | null {
  if (at === null || zone === null) return null;
  const ms = typeof at === 'string' ? Date.parse(at) : Number.NaN;
  if (Number.isNaN(ms)) return null;
  const local = new Date(ms + offsetOf(zoneOf(String(zone)), ms));
  return local.toISOString().slice(0, 19).replace('T', ' ');
}

function zoneOf(name: string): Zone {
  const known = zones.get(name);
  if (known) return known;
  if (!isTimeZone(name))
    throw new RangeError(`no such time zone: ${name.slice(0, 60)}; local_time takes a name such as Europe/Berlin`);
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone: name, calendar: 'iso8601', numberingSystem: 'latn', hourCycle: 'h23' },
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });
  const zone = { format, offsets: new Map<number, number>() };
  if (zones.size >= MOST_KEPT / 1000) zones.clear();
  zones.set(name, zone);
  return zone;
}

function offsetOf({ format, offsets }: Zone, ms: number): number {
  const quarter = Math.floor(ms / QUARTER_MS);
  const known = offsets.get(quarter);
  if (known !== undefined) return known;
  const parts = new Map(format.formatToParts(quarter * QUARTER_MS).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  // Date.UTC reads a year below 100 as one of the twentieth century.
  const local = new Date(0);
  local.setUTCFullYear(part('year'), part('month') - 1, part('day'));
  local.setUTCHours(part('hour'), part('minute'), part('second'));
  const offset = local.getTime() - quarter * QUARTER_MS;
  if (offsets.size >= MOST_KEPT) offsets.clear();
  offsets.set(quarter, offset);
  return offset;
}
