import { addAccessLogRoute } from './api/access-log.ts';
import { timesFromNow } from './api/answers/times-from-now.ts';
import { type ApiApp, newApiApp } from './api/api-app.ts';
import type { ApiDeps } from './api/api-deps.ts';
import { NotFound } from './api/api-error.ts';
import { addDocsPage } from './api/docs/docs-page.ts';
import { addOpenApi } from './api/docs/openapi.ts';
import { addCompareRoute } from './api/history/compare.ts';
import { addInvocationRoutes } from './api/history/invocations.ts';
import { addOutputRoute } from './api/history/outputs.ts';
import { addStatsRoute } from './api/history/stats.ts';
import { addLakeRoutes } from './api/lake/lake-routes.ts';
import { problemOfError } from './api/problem-of.ts';
import { addReportRoutes } from './api/reports/reports.ts';
import { addSqlRoutes } from './api/sql/sql.ts';
import { addSqlSchemaRoute } from './api/sql/sql-schema.ts';
import { requireRole } from './auth/require-role.ts';
import { beginApp, type GuardDeps } from './begin-app.ts';
import { problemResponse } from './errors.ts';

export interface LakeAppDeps extends GuardDeps {
  api: ApiDeps;
  lake: NonNullable<ApiDeps['lakeAlone']>;
}

/** The day before which each archive has sealed, by its number: `0=2026-03-01, 7=2026-02-20`. */
export const SEALED_TO_HEADER = 'x-ssm-archive-sealed-to';
export const LISTED_AT_HEADER = 'x-ssm-archive-listed-at';
/** The numbers of the archives with days that rest on a root which no pinned key has signed. */
export const UNSIGNED_HEADER = 'x-ssm-archive-unsigned-archives';

/**
 * The routes of a server over a lake alone, behind tokens and the access log. What only an archive could answer is refused
 * with status 501, in words; so is every route that is added to the server of an archive and not here.
 */
export function createLakeApp(deps: LakeAppDeps): ApiApp {
  const { lake, now, log, accessDb } = deps;
  const { app } = beginApp(deps);
  const api = newApiApp();
  api.use('/v1/*', async (c, next) => {
    await lake.refresh();
    const { archives, listedAt } = lake.describe();
    c.header(
      SEALED_TO_HEADER,
      archives.map(({ archive, sealedTo }) => `${archive}=${sealedTo ?? 'nothing'}`).join(', '),
    );
    c.header(LISTED_AT_HEADER, listedAt);
    const unsigned = archives.filter(({ unsignedDays }) => unsignedDays > 0);
    if (unsigned.length > 0) c.header(UNSIGNED_HEADER, unsigned.map(({ archive }) => archive).join(', '));
    await next();
  });
  api.use('/v1/*', timesFromNow(now));
  app.use('/v1/access-log', requireRole('operator'));
  app.use('/v1/sql', requireRole('sql'));
  addInvocationRoutes(api, deps.api);
  addOutputRoute(api, deps.api);
  addCompareRoute(api, deps.api);
  addStatsRoute(api, deps.api);
  addSqlRoutes(api, deps.api);
  addSqlSchemaRoute(api, deps.api);
  addReportRoutes(api, deps.api);
  addLakeRoutes(api, lake);
  addAccessLogRoute(api, { accessDb, now });
  app.route('/', api);
  addOpenApi(app);
  addDocsPage(app);
  app.notFound((c) =>
    problemResponse(c, {
      ...{ status: 501, title: 'Not in a lake' },
      detail: `This server has a lake and no archive, so it does not answer ${c.req.method} ${c.req.path}. /openapi.json lists what it answers; ask the server of an archive for the rest.`,
    }),
  );
  app.onError((error, c) => {
    if (error instanceof NotFound)
      return problemResponse(c, {
        status: 404,
        title: 'Not found',
        detail: `The sealed days have no such thing. ${lake.sealedTo()}`,
      });
    const known = problemOfError(c, error);
    // Perhaps a day was sealed again, or pruned, since the lake was listed.
    if (known?.status === 503) lake.suspect();
    if (known) return known;
    (c.get('log') ?? log).error({ err: error, path: c.req.path }, 'A request failed.');
    return problemResponse(c, {
      ...{ status: 500, title: 'Internal error', detail: 'The request failed; the reason is in the log.' },
    });
  });
  return app;
}
