import { DAY_MS, isoFromMs } from '../../../../lib/time.ts';
import { noSpan, noTime, readTime } from '../../../../questions/time/read-time.ts';
import type { AskedFault } from '../questions/asked-faults.ts';

/** A span of requested time: the typed texts, the times in ms since the epoch, and the faults. */
export interface Range {
  typed: { from?: string; to?: string };
  fromMs: number;
  beforeMs: number;
  /** If there are faults, a page must not use the times: they are those of the usual span. */
  faults: readonly AskedFault[];
}

/** The labels of the two fields. */
export const RANGE_LABELS = { from: 'From (UTC)', to: 'Before (UTC)' } as const;

const DAYS = 30;
/** The longest span of a page: twenty years. */
const MOST_DAYS = 7305;

/**
 * Reads `from` and `to` from an address. A missing end is the end of today, and a missing start is `days` days before
 * the end. If a text is wrong, the range is the last `days` days.
 */
export function readRange(
  query: Record<string, string | undefined>,
  nowMs: number,
  { days = DAYS, mostDays = MOST_DAYS } = {},
): Range {
  const today = nowMs - (nowMs % DAY_MS);
  const usual = { typed: {}, fromMs: today - (days - 1) * DAY_MS, beforeMs: today + DAY_MS, faults: [] };
  const [from, to] = [query.from?.trim() ?? '', query.to?.trim() ?? ''];
  if (from === '' && to === '') return usual;
  const typed = { ...(from !== '' && { from }), ...(to !== '' && { to }) };
  const [fromAt, toAt] = [from, to].map((text) => (text === '' ? undefined : readTime(text, nowMs)));
  const faults = [
    ...(from !== '' && !fromAt ? [faultOf('from', noTime(from))] : []),
    ...(to !== '' && !toAt ? [faultOf('to', noTime(to))] : []),
  ];
  if (faults.length > 0) return { ...usual, typed, faults };
  const beforeMs = toAt ? Date.parse(toAt) : usual.beforeMs;
  const fromMs = fromAt ? Date.parse(fromAt) : beforeMs - days * DAY_MS;
  const end = to === '' ? 'from' : 'to';
  if (fromMs >= beforeMs) {
    const ends = [
      { name: `“${RANGE_LABELS.from}”`, at: isoFromMs(fromMs) },
      { name: `“${RANGE_LABELS.to}”`, at: isoFromMs(beforeMs) },
    ] as const;
    return { ...usual, typed, faults: [faultOf(end, end === 'to' ? noSpan(...ends) : notBefore(...ends))] };
  }
  if (beforeMs - fromMs > mostDays * DAY_MS)
    return {
      ...usual,
      typed,
      faults: [faultOf(end, `must be at most ${mostDays} days from the other end of the span`)],
    };
  return { typed, fromMs, beforeMs, faults: [] };
}

function faultOf(parameter: 'from' | 'to', message: string): AskedFault {
  return { parameter, label: RANGE_LABELS[parameter], message };
}

/** The fault of a typed start that is after the end, if no end was typed. */
function notBefore(from: { at: string }, to: { name: string; at: string }): string {
  return `must be earlier than ${to.name}: it is ${from.at}, and ${to.name} is ${to.at}`;
}

/** A time as a person would type it: a date, or a time to the minute. */
export function shortTime(ms: number): string {
  const time = isoFromMs(ms);
  return time.endsWith('T00:00:00.000Z') ? time.slice(0, 10) : `${time.slice(0, 16)}Z`;
}

/** A time in the form that filters of invocations take. */
export function spanOf({ fromMs, beforeMs }: Range): { requestedAfter: string; requestedBefore: string } {
  return { requestedAfter: isoFromMs(fromMs), requestedBefore: isoFromMs(beforeMs) };
}
