import type { MiddlewareHandler } from 'hono';
import type { AccessEnv } from '../access/caller.ts';
import type { Logger } from '../lib/logger.ts';

/** The characters in ids of proxies and tracers. None of them can break a line or a header. */
const SANE = /^[\w.:=+/-]{1,128}$/;

/**
 * Gives each request an id: the client's X-Request-Id if it is safe, else a new one. The id is in the answer and in the
 * context. The context's logger writes it on each line, and the access log records it. This middleware runs first.
 */
export function requestId({ log, newId }: { log: Logger; newId(): string }): MiddlewareHandler<AccessEnv> {
  return async (c, next) => {
    const given = c.req.header('x-request-id') ?? '';
    const id = SANE.test(given) ? given : newId();
    c.set('requestId', id);
    c.set('log', log.child({ requestId: id }));
    await next();
    // c.header() is not used here, because it would turn a text into a stream, which is slower to send.
    c.res.headers.set('x-request-id', id);
  };
}
