import { OpenAPIHono } from '@hono/zod-openapi';
import { compress } from 'hono/compress';
import { cors } from 'hono/cors';
import type { AccessEnv } from '../access/caller.ts';
import type { AccessDb } from '../access/log/open-access-db.ts';
import type { AuthDb } from '../access/open-auth-db.ts';
import type { RandomBytes } from '../access/secret.ts';
import type { Logger } from '../lib/logger.ts';
import type { Now } from '../lib/time.ts';
import { createAccessLog } from './access-log.ts';
import { UNSEARCHABLE_HEADER } from './api/answers/note-unsearchable.ts';
import { WHOLE_FROM_HEADER } from './api/answers/whole-from-member.ts';
import type { ApiApp } from './api/api-app.ts';
import type { Unreadiness } from './api/api-deps.ts';
import { NEVER_SEEN_HEADER } from './api/empty/why-empty.ts';
import { problemOfError } from './api/problem-of.ts';
import { createAuth } from './auth/create-auth.ts';
import { compressStreams } from './compress-streams.ts';
import { problemResponse } from './errors.ts';
import { guardFetches } from './guards/guard-fetches.ts';
import { isolateAnswers } from './guards/isolate-answers.ts';
import { closeUnread, limitBodies } from './guards/limit-bodies.ts';
import { isCompressible } from './is-compressible.ts';
import { requestId } from './request-id.ts';

/** What every server needs, whatever its routes are. */
export interface GuardDeps {
  log: Logger;
  now: Now;
  newId(): string;
  random: RandomBytes;
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
}

const CORS_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'];
/** The headers that a page of another origin may read, besides the body. */
const CORS_EXPOSED = [
  ...['x-request-id', 'etag', 'location', 'retry-after', 'content-disposition'],
  ...[UNSEARCHABLE_HEADER, NEVER_SEEN_HEADER, WHOLE_FROM_HEADER],
];

/**
 * Begins an app: all routes that are added later are behind tokens and the access log. `/healthz` says that the process
 * runs, and `/readyz` that it can do its work.
 */
export function beginApp(deps: GuardDeps): { app: ApiApp; auth: ReturnType<typeof createAuth> } {
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
  return { app, auth };
}
