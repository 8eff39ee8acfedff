import type { MiddlewareHandler } from 'hono';
import type { AccessEnv } from '../access/caller.ts';
import type { Logger } from '../lib/logger.ts';

/** What proxies and tracers send, and nothing that could break a line or a header. */
const SANE = /^[\w.:=+/-]{1,128}$/;

/**
 * Gives each request an id, the client's X-Request-Id where it is sane: in the reply, in the context with a logger whose
 * lines carry it, and by way of that in the access log. Stands first.
 */
export function requestId({ log, newId }: { log: Logger; newId(): string }): MiddlewareHandler<AccessEnv> {
  return async (c, next) => {
    const given = c.req.header('x-request-id') ?? '';
    const id = SANE.test(given) ? given : newId();
    c.set('requestId', id);
    c.set('log', log.child({ requestId: id }));
    await next();
    // Not c.header(): that makes a stream of an answer whose body is a text, which then takes longer to send.
    c.res.headers.set('x-request-id', id);
  };
}
