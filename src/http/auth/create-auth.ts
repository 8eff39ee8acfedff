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
  /** The address that the server binds to. */
  host: string;
  /** More names of the server, such as `archive.example.com` of a proxy in front of it. */
  publicHosts?: readonly string[];
  /** Whether X-Forwarded-For and X-Forwarded-Proto come from the operator's own proxy (the setting `trustProxy`). */
  isProxyTrusted: boolean;
  /** `--insecure-no-auth`: no token is needed until one is made, whatever the address. */
  isInsecureAllowed: boolean;
}

export interface Auth {
  /**
   * Sets `caller`, or answers with 401, 403 or 429. It runs after the access log and `guardFetches`, and before all
   * routes.
   */
  guard: MiddlewareHandler<AccessEnv>;
  /** `/login` and `/logout`. */
  routes: Hono<AccessEnv>;
  /** The server's only throttle; the AWS endpoint uses it too. */
  throttle: Throttle;
}

/** Paths that need no token: those for load balancers, and the pages to log in and out. */
const FOR_ANYONE = ['/healthz', '/readyz'];
const FOR_LOGIN = ['/login', '/logout'];

/**
 * Lets in the holder of a live token. The token comes as `Authorization: Bearer`, or as the session of a browser that
 * logged in with it. The AWS endpoint checks access keys itself. On a loopback address nobody needs a token before the
 * first one is made; the caller is then `local`, an operator.
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
      // Without tokens, only the loopback address keeps others out. But every web page in the user's browser can send
      // requests from that address too.
      if (isLocal && !namesThisMachine(c, [host, ...publicHosts])) return denyHost(c, host);
      c.set('caller', LOCAL_CALLER);
      return next();
    }
    // Callers of the AWS endpoint sign their requests instead of sending a token, and expect errors in AWS's form. The
    // endpoint handles both itself.
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

/**
 * Returns the bearer token if there is one, else the session. Other schemes, such as AWS's signatures, are not checked
 * here.
 */
function readSecret(c: Context): Presented | undefined {
  const [, token] = /^Bearer +(\S+) *$/i.exec(c.req.header('authorization') ?? '') ?? [];
  if (token !== undefined) return { kind: 'token', secret: token };
  const secret = readSessionCookie(c);
  return secret === undefined ? undefined : { kind: 'session', secret };
}

/**
 * Sends a person in a browser to the login page, which leads back afterwards. Any other client gets a 401 that says
 * what to send.
 */
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
    detail: `While there are no tokens, this server answers only under the names localhost, 127.0.0.1, [::1], ${host} and those in SSM_ARCHIVE_PUBLIC_HOSTS. To use any other name, make a token: ssm-archive token create.`,
  });
}
