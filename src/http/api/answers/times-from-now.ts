import type { MiddlewareHandler } from 'hono';
import type { AccessEnv } from '../../../access/caller.ts';
import type { Now } from '../../../lib/time.ts';
import { FILTER_NAMES, FILTERS } from '../../../questions/filters.ts';
import { readTimeOf } from '../../../questions/read-text.ts';
import { isFromNow, readTime } from '../../../questions/time/read-time.ts';

/** The names of all parameters of the API that are times. */
const TIMES: readonly string[] = [
  ...FILTER_NAMES.filter((name) => FILTERS[name].read === readTimeOf),
  ...['asOf', 'from', 'to'],
];
/**
 * A report's own parameters have types of their own: its `from` may be a date or any other text. So its addresses stay
 * as they are.
 */
const REPORTS = '/v1/reports/';
const MOMENT = /^([\w-]+)\.([0-9a-z]{1,10})$/;

/**
 * Replaces relative times in the address, such as -7d, now and today, with the times that they stand for, before any
 * handler reads the address. They count from the moment of the first page, which the cursor carries to each later page.
 * If a later page counted from its own moment, it would be about another span, and the cursor would not fit it.
 */
export function timesFromNow(now: Now): MiddlewareHandler<AccessEnv> {
  return async (c, next) => {
    const { raw } = c.req;
    if (c.req.path.startsWith(REPORTS) || !TIMES.some((name) => raw.url.includes(`${name}=`))) return next();
    const url = new URL(raw.url);
    const [, cursor, moment] = MOMENT.exec(url.searchParams.get('cursor') ?? '') ?? [];
    const nowMs = moment === undefined ? now().getTime() : Number.parseInt(moment, 36);
    const isMeant = ([name, text]: [string, string]) => TIMES.includes(name) && isFromNow(text, nowMs);
    const given = [...url.searchParams];
    if (!given.some(isMeant)) return next();
    const resolved = given.map(([name, text]): [string, string] => [
      name,
      isMeant([name, text]) ? (readTime(text, nowMs) ?? text) : name === 'cursor' ? (cursor ?? text) : text,
    ]);
    url.search = new URLSearchParams(resolved).toString();
    c.set('countsFromMs', nowMs);
    // The handler reads the new address; the access log keeps what the client wrote.
    c.req.raw = new Request(url, { method: raw.method, headers: raw.headers, signal: raw.signal });
    await next();
    c.req.raw = raw;
  };
}

/** The cursor of the next page; if the question has relative times, it carries the moment that they count from. */
export function cursorFromNow(cursor: string, countsFromMs: number | undefined): string {
  return countsFromMs === undefined ? cursor : `${cursor}.${countsFromMs.toString(36)}`;
}
