import { OpenAPIHono } from '@hono/zod-openapi';
import { compress } from 'hono/compress';
import { cors } from 'hono/cors';
import type { AccessEnv } from '../access/caller.ts';
import type { AccessDb } from '../access/log/open-access-db.ts';
import type { AuthDb } from '../access/open-auth-db.ts';
import type { RandomBytes } from '../access/secret.ts';
import type { Logger } from '../lib/logger.ts';
import type { Now } from '../lib/time.ts';
import type { Passes } from '../model/coverage/passes.ts';
import { createAccessLog } from './access-log.ts';
import { addAccessLogRoute } from './api/access-log.ts';
import { UNSEARCHABLE_HEADER } from './api/answers/note-unsearchable.ts';
import { WHOLE_FROM_HEADER } from './api/answers/whole-from-member.ts';
import type { ApiApp } from './api/api-app.ts';
import type { ApiDeps, Unreadiness } from './api/api-deps.ts';
import { createApi } from './api/create-api.ts';
import { addDocsPage } from './api/docs/docs-page.ts';
import { addOpenApi } from './api/docs/openapi.ts';
import { NEVER_SEEN_HEADER } from './api/empty/why-empty.ts';
import { ingestRoutes } from './api/passes/ingest.ts';
import { problemOfError } from './api/problem-of.ts';
import { createAuth } from './auth/create-auth.ts';
import { wantsPage } from './auth/login-routes.ts';
import { requireRole } from './auth/require-role.ts';
import type { CommandHistory } from './aws/command-history.ts';
import { awsRoutes } from './aws-routes.ts';
import { compressStreams } from './compress-streams.ts';
import { createConsole } from './console/create-console.ts';
import { respondNotFound } from './console/frame/respond-page.tsx';
import { problemResponse } from './errors.ts';
import { allowedMethods } from './guards/allowed-methods.ts';
import { guardFetches } from './guards/guard-fetches.ts';
import { isolateAnswers } from './guards/isolate-answers.ts';
import { closeUnread, limitBodies } from './guards/limit-bodies.ts';
import { isCompressible } from './is-compressible.ts';
import { requestId } from './request-id.ts';

export interface AppDeps {
  log: Logger;
  now: Now;
  newId(): string;
  random: RandomBytes;
  api: ApiDeps;
  passes: Passes;
  /** The history that the AWS endpoint reads, and the accounts in the archive. */
  aws: { history: CommandHistory; accounts(): string[] };
  authDb: AuthDb;
  accessDb: AccessDb;
  /** The address that the server binds to. */
  host: string;
  isProxyTrusted: boolean;
  isInsecureAllowed: boolean;
  corsOrigins: readonly string[];
  /** More names of the server, besides `host`. */
  publicHosts: readonly string[];
  /** A sentence on why the server can't do its work now, or undefined if it can. */
  unreadiness: Unreadiness;
  /** Ends all event streams when the server stops. */
  signal: AbortSignal;
}

const CORS_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'];
/** The headers that a page of another origin may read, besides the body. */
const CORS_EXPOSED = [
  ...['x-request-id', 'etag', 'location', 'retry-after', 'content-disposition'],
  ...[UNSEARCHABLE_HEADER, NEVER_SEEN_HEADER, WHOLE_FROM_HEADER],
];

/**
 * The server's routes, behind tokens and the access log. `/healthz` says that the process runs, and `/readyz` that it
 * can do its work. `/openapi.json` and `/docs` describe the other routes.
 */
export function createApp(deps: AppDeps): ApiApp {
  const { log, now, newId, random, authDb, accessDb, host, publicHosts, isProxyTrusted, isInsecureAllowed } = deps;
  const app: ApiApp = new OpenAPIHono<AccessEnv>();
  const auth = createAuth({ authDb, now, random, host, publicHosts, isProxyTrusted, isInsecureAllowed });
  app.use(requestId({ log, newId }));
  app.use(closeUnread());
  app.use(isolateAnswers());
  app.use(compress({ encoding: 'gzip', contentTypeFilter: isCompressible }));
  app.use(guardFetches({ corsOrigins: deps.corsOrigins, publicHosts, isProxyTrusted }));
  if (deps.corsOrigins.length > 0)
    app.use('/v1/*', cors({ origin: [...deps.corsOrigins], allowMethods: CORS_METHODS, exposeHeaders: CORS_EXPOSED }));
  app.use(compressStreams());
  app.use(createAccessLog({ accessDb, now, log, isProxyTrusted }));
  app.use(auth.guard);
  app.use(limitBodies());

  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.get('/readyz', async (c) => {
    const reason = await deps.unreadiness();
    if (reason === undefined) return c.json({ status: 'ok' });
    return problemResponse(c, { status: 503, title: 'Not ready', detail: reason });
  });
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
  app.onError((error, c) => {
    const known = problemOfError(c, error);
    if (known) return known;
    (c.get('log') ?? log).error({ err: error, path: c.req.path }, 'A request failed.');
    return problemResponse(c, {
      status: 500,
      title: 'Internal error',
      detail: 'The request failed; the reason is in the log.',
    });
  });
  return app;
}
