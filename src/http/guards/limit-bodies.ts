import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { AccessEnv } from '../../access/caller.ts';
import { problemOfLargeBody } from '../api/problem-of.ts';
import { wantsPage } from '../auth/login-routes.ts';
import { refusalPage, SMALL_PAGE_HEADERS } from '../small-page.ts';
import { refuseAsAws } from './aws-refusal.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

/** No form is longer than this, and most routes read no body at all. */
const MOST_BYTES = 64 * KIB;

/** The routes whose bodies have another limit. */
const OTHER_LIMITS: readonly { method: string; path: RegExp; bytes: number }[] = [
  // The bodies of the first two routes are read before the caller is known. The longest request in AWS's model has a
  // few kilobytes.
  { method: 'POST', path: /^\/login$/, bytes: 8 * KIB },
  { method: 'POST', path: /^\/$/, bytes: 256 * KIB },
  { method: 'POST', path: /^\/v1\/sql$/, bytes: MIB },
  { method: 'PUT', path: /^\/v1\/reports\/[^/]+$/, bytes: MIB },
  { method: 'POST', path: /^\/sql\/save$/, bytes: MIB },
];

/**
 * Answers 413 if a body is longer than its route allows. It reads no more than the allowed bytes. It runs before all
 * routes, so that a new route has a limit too, and after the guard, so that nothing is read for callers who are not let
 * in.
 */
export function limitBodies(): MiddlewareHandler<AccessEnv> {
  return async (c, next) => {
    const { method, path } = c.req;
    const maxSize = OTHER_LIMITS.find((one) => one.method === method && one.path.test(path))?.bytes ?? MOST_BYTES;
    if (isOpenEnded(c)) {
      // The bodies of these methods are never read.
      if (method === 'GET' || method === 'HEAD') return next();
      return bodyLimit({ maxSize, onError: () => tooLarge(c, maxSize) })(c, next);
    }
    // The HTTP server itself refuses a body that is longer than its declared length.
    return lengthOf(c) > maxSize ? tooLarge(c, maxSize) : next();
  };
}

/**
 * Closes the connection after the answer to a GET or HEAD request with a long or endless body, because no route reads
 * the body. Otherwise the HTTP server would read it to its end, so as to get the next request on the same connection.
 * For other methods, the HTTP server itself closes the connection.
 */
export function closeUnread(): MiddlewareHandler<AccessEnv> {
  return async (c, next) => {
    await next();
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD') return;
    if (c.req.header('transfer-encoding') !== undefined || lengthOf(c) > MOST_BYTES)
      c.res.headers.set('connection', 'close');
  };
}

function lengthOf(c: Context): number {
  return Number(c.req.header('content-length') ?? 0);
}

function isOpenEnded(c: Context): boolean {
  return c.req.header('content-length') === undefined || c.req.header('transfer-encoding') !== undefined;
}

function tooLarge(c: Context, bytes: number): Response | Promise<Response> {
  if (c.req.method === 'POST' && c.req.path === '/') {
    const message = `A request may have at most ${bytes} bytes.`;
    return refuseAsAws(c, { status: 413, code: 'SerializationException', message });
  }
  if (wantsPage(c)) return c.html(refusalPage(`The request may have at most ${bytes} bytes.`), 413, SMALL_PAGE_HEADERS);
  return problemOfLargeBody(c, bytes);
}
