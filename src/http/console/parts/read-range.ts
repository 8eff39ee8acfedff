import { noTime, readTime } from '../../../lib/read-time.ts';
import { DAY_MS, isoFromMs } from '../../../lib/time.ts';

/** A span of requested time, as it was typed and in ms since the epoch; and what is wrong with it. */
export interface Range {
  typed: { from?: string; to?: string };
  fromMs: number;
  beforeMs: number;
  fault?: string;
}

const DAYS = 30;
/** Twenty years. */
const MOST_DAYS = 7305;

/** Reads `from` and `to` out of a query; the last so many days where there is none, or one that is wrong. */
export function readRange(
  query: Record<string, string | undefined>,
  nowMs: number,
  { days = DAYS, mostDays = MOST_DAYS } = {},
): Range {
  const today = nowMs - (nowMs % DAY_MS);
  const usual = { typed: {}, fromMs: today - (days - 1) * DAY_MS, beforeMs: today + DAY_MS };
  const [from, to] = [query.from?.trim() ?? '', query.to?.trim() ?? ''];
  if (from === '' && to === '') return usual;
  const typed = { ...(from !== '' && { from }), ...(to !== '' && { to }) };
  const [fromAt, toAt] = [from, to].map((text) => (text === '' ? undefined : readTime(text, nowMs)));
  const wrong = [from !== '' && !fromAt && `From ${noTime(from)}`, to !== '' && !toAt && `Before ${noTime(to)}`];
  const sentences = wrong.filter((sentence) => sentence !== false).map((s) => (s.endsWith('?') ? s : `${s}.`));
  if (sentences.length > 0) return { ...usual, typed, fault: sentences.join(' ') };
  const beforeMs = toAt ? Date.parse(toAt) : usual.beforeMs;
  const fromMs = fromAt ? Date.parse(fromAt) : beforeMs - days * DAY_MS;
  if (fromMs >= beforeMs)
    return {
      ...usual,
      typed,
      fault: `The span must begin before it ends, and ${isoFromMs(fromMs)} is not before ${isoFromMs(beforeMs)}.`,
    };
  if (beforeMs - fromMs > mostDays * DAY_MS)
    return { ...usual, typed, fault: `The span must be of ${mostDays} days at most.` };
  return { typed, fromMs, beforeMs };
}

/** A time as a person would type it: a date, or to the minute. */
export function shortTime(ms: number): string {
  const time = isoFromMs(ms);
  return time.endsWith('T00:00:00.000Z') ? time.slice(0, 10) : `${time.slice(0, 16)}Z`;
}

/** As a filter of invocations has it. */
export function spanOf({ fromMs, beforeMs }: Range): { requestedAfter: string; requestedBefore: string } {
  return { requestedAfter: isoFromMs(fromMs), requestedBefore: isoFromMs(beforeMs) };
}
