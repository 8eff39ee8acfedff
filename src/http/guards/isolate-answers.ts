import type { MiddlewareHandler } from 'hono';
import type { AccessEnv } from '../../access/caller.ts';

/**
 * Has browsers keep every answer from pages of other sites: they can't load it as an image or a script, and a window that
 * they open with it is none of theirs, so that they can't watch how it goes on. What CORS allows is not touched.
 */
export function isolateAnswers(): MiddlewareHandler<AccessEnv> {
  return async (c, next) => {
    await next();
    // Not c.header(): as for the request's id.
    c.res.headers.set('cross-origin-resource-policy', 'same-origin');
    c.res.headers.set('cross-origin-opener-policy', 'same-origin');
  };
}
