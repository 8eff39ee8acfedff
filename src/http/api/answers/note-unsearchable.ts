import type { MiddlewareHandler } from 'hono';
import type { AccessEnv } from '../../../access/caller.ts';
import { countUnsearchable } from '../../../archive/figures/count-unsearchable.ts';
import type { ApiDeps } from '../api-deps.ts';

export const UNSEARCHABLE_HEADER = 'x-ssm-archive-unsearchable-outputs';

/**
 * Adds to an answer to `q` how many of the newest outputs the search could not look at: while a pass runs, some outputs
 * are kept but not indexed yet. Call it before the search, so that the search never looks at fewer outputs than the
 * header says.
 */
export function noteUnsearchable({ archive }: Pick<ApiDeps, 'archive'>): MiddlewareHandler<AccessEnv> {
  return async (c, next) => {
    const missing = c.req.query('q') === undefined ? undefined : countUnsearchable(archive);
    await next();
    if (missing !== undefined && c.res.ok) c.header(UNSEARCHABLE_HEADER, String(missing));
  };
}
