import type { MiddlewareHandler } from 'hono';
import type { AccessEnv } from '../../../access/caller.ts';
import type { Now } from '../../../lib/time.ts';
import { FILTER_NAMES, FILTERS } from '../../../questions/filters.ts';
import { readTimeOf } from '../../../questions/read-text.ts';
import { isFromNow, readTime } from '../../../questions/time/read-time.ts';

/** The parameters that are times, wherever they are. */
const TIMES: readonly string[] = [
  ...FILTER_NAMES.filter((name) => FILTERS[name].read === readTimeOf),
  ...['asOf', 'from', 'to'],
];
/** A report reads its own parameters by their types: its `from` may be a date, or a word. */
const REPORTS = '/v1/reports/';
const MOMENT = /^([\w-]+)\.([0-9a-z]{1,10})$/;

/**
 * Puts the times that -7d, now and today stand for where they were written, before anything reads the address. They count from the
 * moment of the first page, which the cursor of each further page brings along: a page that counted from its own moment would be of
 * another span, and its cursor of another question.
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
    // The handler reads it so; the access log has what was written.
    c.req.raw = new Request(url, { method: raw.method, headers: raw.headers, signal: raw.signal });
    await next();
    c.req.raw = raw;
  };
}

/** The cursor of the next page of a question, with the moment that its times count from, where any does. */
export function cursorFromNow(cursor: string, countsFromMs: number | undefined): string {
  return countsFromMs === undefined ? cursor : `${cursor}.${countsFromMs.toString(36)}`;
}
