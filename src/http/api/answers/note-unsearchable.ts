import type { MiddlewareHandler } from 'hono';
import type { AccessEnv } from '../../../access/caller.ts';
import { countUnsearchable } from '../../../archive/figures/count-unsearchable.ts';
import type { ApiDeps } from '../api-deps.ts';

export const UNSEARCHABLE_HEADER = 'x-ssm-archive-unsearchable-outputs';

/**
 * Says with an answer to `q` how many of the newest outputs it could not look at: while a pass goes on, some are kept and
 * not indexed yet. Counted before the search, so that the answer is never less complete than said.
 */
export function noteUnsearchable({ archive }: Pick<ApiDeps, 'archive'>): MiddlewareHandler<AccessEnv> {
  return async (c, next) => {
    const missing = c.req.query('q') === undefined ? undefined : countUnsearchable(archive);
    await next();
    if (missing !== undefined && c.res.ok) c.header(UNSEARCHABLE_HEADER, String(missing));
  };
}
