import type { MiddlewareHandler } from 'hono';
import type { AccessEnv } from '../../access/caller.ts';

/**
 * Makes browsers keep every answer from pages of other sites: such a page can't load it as an image or a script, and
 * can't watch a window that it opened with it. What CORS allows still works.
 */
export function isolateAnswers(): MiddlewareHandler<AccessEnv> {
  return async (c, next) => {
    await next();
    // c.header() would turn a text into a stream, as in request-id.ts.
    c.res.headers.set('cross-origin-resource-policy', 'same-origin');
    c.res.headers.set('cross-origin-opener-policy', 'same-origin');
  };
}
