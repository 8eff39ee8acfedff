import type { MiddlewareHandler } from 'hono';
import type { AccessEnv } from '../../access/caller.ts';

/**
 * Makes browsers hide every answer from pages of other sites: such a page can't load the answer as an image or a
 * script, and can't watch a window in which it opened the answer. What CORS allows still works.
 */
export function isolateAnswers(): MiddlewareHandler<AccessEnv> {
  return async (c, next) => {
    await next();
    // c.header() is not used here, because it would turn a text into a stream, which is slower to send.
    c.res.headers.set('cross-origin-resource-policy', 'same-origin');
    c.res.headers.set('cross-origin-opener-policy', 'same-origin');
  };
}
