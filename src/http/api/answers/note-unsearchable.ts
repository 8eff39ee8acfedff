import type { MiddlewareHandler } from 'hono';
import type { AccessEnv } from '../../../access/caller.ts';
import { countUnsearchable } from '../../../archive/figures/count-unsearchable.ts';
import type { ApiDeps } from '../api-deps.ts';

export const UNSEARCHABLE_HEADER = 'x-ssm-archive-unsearchable-outputs';

/**
 * Adds a header to the answer to a search with `q`: how many of the newest outputs the search did not cover. While a
 * pass runs, some outputs are kept but not indexed yet. Call this before the search, so that the search never covers
 * fewer outputs than the header says.
 */
export function noteUnsearchable({ archive }: Pick<ApiDeps, 'archive'>): MiddlewareHandler<AccessEnv> {
  return async (c, next) => {
    const missing = c.req.query('q') === undefined ? undefined : countUnsearchable(archive);
    await next();
    if (missing !== undefined && c.res.ok) c.header(UNSEARCHABLE_HEADER, String(missing));
  };
}
