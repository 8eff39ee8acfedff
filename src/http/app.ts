import type { Passes } from '../model/coverage/passes.ts';
import { addAccessLogRoute } from './api/access-log.ts';
import type { ApiApp } from './api/api-app.ts';
import type { ApiDeps } from './api/api-deps.ts';
import { createApi } from './api/create-api.ts';
import { addDocsPage } from './api/docs/docs-page.ts';
import { addOpenApi } from './api/docs/openapi.ts';
import { ingestRoutes } from './api/passes/ingest.ts';
import { wantsPage } from './auth/login-routes.ts';
import { requireRole } from './auth/require-role.ts';
import type { CommandHistory } from './aws/command-history.ts';
import { awsRoutes } from './aws-routes.ts';
import { beginApp, type GuardDeps } from './begin-app.ts';
import { createConsole } from './console/create-console.ts';
import { respondNotFound } from './console/frame/respond-page.tsx';
import { problemResponse } from './errors.ts';
import { allowedMethods } from './guards/allowed-methods.ts';

export interface AppDeps extends GuardDeps {
  api: ApiDeps;
  passes: Passes;
  /** The history that the AWS endpoint reads, and the accounts in the archive. */
  aws: { history: CommandHistory; accounts(): string[] };
  /** Ends all event streams when the server stops. */
  signal: AbortSignal;
}

/**
 * The server's routes, behind tokens and the access log. `/openapi.json` and `/docs` describe the routes for programs.
 */
export function createApp(deps: AppDeps): ApiApp {
  const { log, now, random, authDb, accessDb, isProxyTrusted } = deps;
  const { app, auth } = beginApp(deps);
  app.route('/', auth.routes);
  app.route('/', awsRoutes({ ...deps.aws, authDb, random, now, log, isProxyTrusted, throttle: auth.throttle }));

  app.on('POST', '/v1/ingest', requireRole('operator'));
  app.use('/v1/access-log', requireRole('operator'));
  app.use('/v1/sql', requireRole('sql'));
  // Readers can run a saved report, so the person who saves it must be allowed to write SQL.
  app.on(['PUT', 'DELETE'], '/v1/reports/:name', requireRole('sql'));
  const api = createApi(deps.api);
  addAccessLogRoute(api, { accessDb, now });
  app.route('/', api);
  app.route('/', ingestRoutes({ passes: deps.passes, signal: deps.signal }));
  app.route('/', createConsole({ ...deps.api, passes: deps.passes, random }));
  addOpenApi(app);
  addDocsPage(app);

  app.notFound((c) => {
    const allowed = allowedMethods(app, c.req.path);
    if (allowed.length > 0) {
      c.header('allow', allowed.join(', '));
      const detail = `${c.req.path} allows ${allowed.join(' and ')}, not ${c.req.method}.`;
      return problemResponse(c, { status: 405, title: 'Method not allowed', detail });
    }
    if (c.req.method === 'GET' && wantsPage(c)) return respondNotFound({ random, now }, c, 'A page with this address');
    return problemResponse(c, {
      status: 404,
      title: 'Not found',
      detail: `There is nothing at ${c.req.method} ${c.req.path}. /openapi.json and /docs list what there is.`,
    });
  });
  return app;
}
