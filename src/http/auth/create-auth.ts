import type { Context, Hono, MiddlewareHandler } from 'hono';
import { type AccessEnv, LOCAL_CALLER } from '../../access/caller.ts';
import type { AuthDb } from '../../access/open-auth-db.ts';
import type { RandomBytes } from '../../access/secret.ts';
import { hasToken } from '../../access/tokens/has-token.ts';
import type { Now } from '../../lib/time.ts';
import { checkSecret, type Presented, reasonOf } from './check-secret.ts';
import { createThrottle, type Throttle } from './create-throttle.ts';
import { deny, denyNoToken, denyToken, denyTooMany } from './denial.ts';
import { isLoopback } from './is-loopback.ts';
import { loginRoutes, wantsPage } from './login-routes.ts';
import { namesThisMachine } from './names-this-machine.ts';
import { clearSessionCookie, readSessionCookie } from './session-cookie.ts';

export interface AuthDeps {
  authDb: AuthDb;
  now: Now;
  random: RandomBytes;
  /** What the server binds to. */
  host: string;
  /** What it is called beside that: `archive.example.com`, by a proxy in front of it. */
  publicHosts?: readonly string[];
  /** X-Forwarded-For and X-Forwarded-Proto are a proxy's of one's own (the setting `trustProxy`). */
  isProxyTrusted: boolean;
  /** `--insecure-no-auth`: until a token is made none is needed, whatever the address. */
  isInsecureAllowed: boolean;
}

export interface Auth {
  /** Sets `caller`, or answers 401, 403 or 429. Stands before all routes, and after the access log and `guardFetches`. */
  guard: MiddlewareHandler<AccessEnv>;
  /** `/login` and `/logout`. */
  routes: Hono<AccessEnv>;
  /** The server's one throttle, for the AWS endpoint too. */
  throttle: Throttle;
}

/** What a load balancer asks, and what tells nothing of the archive. */
const FOR_ANYONE = ['/healthz', '/readyz'];
const FOR_LOGIN = ['/login', '/logout'];

/**
 * Who may ask: the holder of a live token, by `Authorization: Bearer` or by the session of a browser that logged in with it;
 * at the AWS endpoint the holder of an access key, who is asked for there.
 * On a loopback address nobody needs one until the first is made; then the caller is `local`, an operator.
 */
export function createAuth({
  authDb,
  now,
  random,
  host,
  publicHosts = [],
  isProxyTrusted,
  isInsecureAllowed,
}: AuthDeps): Auth {
  const throttle = createThrottle({ now });
  const deps = { authDb, now, random, isProxyTrusted, throttle };
  const isLocal = isLoopback(host);

  const guard: MiddlewareHandler<AccessEnv> = async (c, next) => {
    if (FOR_ANYONE.includes(c.req.path)) return next();
    if ((isLocal || isInsecureAllowed) && !hasToken(authDb)) {
      // Without tokens the address is all that keeps others out, and any page in the user's browser has that too.
      if (isLocal && !namesThisMachine(c, [host, ...publicHosts])) return denyHost(c, host);
      c.set('caller', LOCAL_CALLER);
      return next();
    }
    // Its signature is its token, and its refusals are AWS's: the endpoint itself looks at both.
    if (c.req.method === 'POST' && c.req.path === '/') return next();
    if (FOR_LOGIN.includes(c.req.path)) return next();

    const presented = readSecret(c);
    if (!presented) return needsLogin(c);
    const answer = checkSecret(deps, c, presented);
    if (answer.state === 'slowed') return denyTooMany(c, answer.waitMs);
    if (answer.state !== 'live') {
      if (presented.kind === 'token') return denyToken(c, reasonOf(answer, 'token'));
      clearSessionCookie(c);
      return needsLogin(c, reasonOf(answer, 'session'));
    }
    return next();
  };

  return { guard, routes: loginRoutes(deps), throttle };
}

/** The bearer token where there is one, else the session. Other schemes, such as AWS's signatures, are not ours to judge. */
function readSecret(c: Context): Presented | undefined {
  const [, token] = /^Bearer +(\S+) *$/i.exec(c.req.header('authorization') ?? '') ?? [];
  if (token !== undefined) return { kind: 'token', secret: token };
  const secret = readSessionCookie(c);
  return secret === undefined ? undefined : { kind: 'session', secret };
}

/** A person in a browser is led to the login, and back afterwards; anyone else is told what to send. */
function needsLogin(c: Context, reason?: string): Response {
  if (c.req.method === 'GET' && wantsPage(c)) {
    const { pathname, search } = new URL(c.req.url);
    return c.redirect(`/login?next=${encodeURIComponent(pathname + search)}`, 303);
  }
  return reason === undefined ? denyNoToken(c) : denyToken(c, reason);
}

function denyHost(c: Context, host: string): Response {
  return deny(c, {
    status: 403,
    title: 'Host not served',
    detail: `Without tokens this server answers only as localhost, 127.0.0.1, [::1] or ${host}, and by the names in SSM_ARCHIVE_PUBLIC_HOSTS. For any other name make a token: ssm-archive token create.`,
  });
}
