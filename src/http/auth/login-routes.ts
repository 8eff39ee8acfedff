import { type Context, Hono } from 'hono';
import { accepts } from 'hono/accepts';
import { z } from 'zod';
import type { AccessEnv } from '../../access/caller.ts';
import type { RandomBytes } from '../../access/secret.ts';
import { createSession } from '../../access/sessions/create-session.ts';
import { endSession } from '../../access/sessions/end-session.ts';
import { safeNext } from '../../lib/safe-next.ts';
import { faultsOfNames } from '../console/parts/questions/asked-faults.ts';
import { loggedInPage, SMALL_PAGE_HEADERS } from '../small-page.ts';
import { type CheckSecretDeps, checkSecret, reasonOf } from './check-secret.ts';
import { clientAddress, isHttps } from './client-address.ts';
import { denyToken, denyTooMany } from './denial.ts';
import { type LoginPageContent, loginPage, notUnderstoodPage } from './login-page.ts';
import { clearSessionCookie, readSessionCookie, setSessionCookie } from './session-cookie.ts';

const loginForm = z.object({ token: z.string(), next: z.string().optional(), linked: z.string().optional() });

export interface LoginRoutesDeps extends CheckSecretDeps {
  random: RandomBytes;
}

/** `GET /login`, `POST /login` and `POST /logout`: a page and a form for browsers, JSON for other clients. */
export function loginRoutes(deps: LoginRoutesDeps): Hono<AccessEnv> {
  const app = new Hono<AccessEnv>();

  app.get('/login', (c) => {
    const faults = faultsOfNames(c.req.queries(), { names: ['next'] });
    if (faults.length > 0) return c.html(notUnderstoodPage(faults, c.req.url), 400, SMALL_PAGE_HEADERS);
    const next = safeNext(c.req.query('next'));
    // A caller that is known already does not have to log in.
    return c.get('caller') ? c.redirect(next, 303) : page(c, 200, { next, isLinked: c.get('linked') !== undefined });
  });

  app.post('/login', async (c) => {
    const isJson = c.req.header('content-type')?.startsWith('application/json') ?? false;
    const form = loginForm.safeParse(await (isJson ? c.req.json() : c.req.parseBody()).catch(() => undefined));
    const token = (form.data?.token ?? '').trim();
    const next = safeNext(form.data?.next);
    const isLinked = form.data?.linked !== undefined;
    if (token === '') {
      const detail = 'Give a token: {"token": "ssm_…"} as JSON, or the field "token" of a form.';
      return isJson ? denyToken(c, detail) : page(c, 401, { next, isLinked, error: 'Give a token.' });
    }
    const answer = checkSecret(deps, c, { kind: 'token', secret: token });
    if (answer.state === 'slowed') {
      const denial = denyTooMany(c, answer.waitMs);
      if (isJson) return denial;
      const seconds = denial.headers.get('retry-after') ?? '';
      c.header('retry-after', seconds);
      return page(c, 429, { next, isLinked, error: `Too many wrong tokens. Try again in ${seconds} seconds.` });
    }
    if (answer.state !== 'live') {
      const reason = reasonOf(answer, 'token');
      return isJson ? denyToken(c, reason) : page(c, 401, { next, isLinked, error: reason });
    }
    const { caller, expiresAt: tokenExpiresAt } = answer;
    if (caller.tokenId === null) throw new Error('A token without an id was accepted.');
    const session = createSession(deps, { tokenId: caller.tokenId, tokenExpiresAt });
    // If the address has to wait but this token is let through, the session must be let through too.
    deps.throttle.succeeded(clientAddress(c, deps.isProxyTrusted), session.secret);
    const maxAgeS = Math.floor((session.expiresAt.getTime() - deps.now().getTime()) / 1000);
    setSessionCookie(c, { secret: session.secret, maxAgeS, isSecure: isHttps(c, deps.isProxyTrusted) });
    c.header('cache-control', 'no-store');
    // After a redirect from here, the browser would name this server as the origin of the request. The query in the
    // address would then run although the user has not seen it.
    if (isLinked && isQuestion(next)) return c.html(loggedInPage(next), 200, SMALL_PAGE_HEADERS);
    if (!isJson) return c.redirect(next, 303);
    return c.json({ name: caller.name, role: caller.role, expiresAt: session.expiresAt.toISOString() });
  });

  app.post('/logout', (c) => {
    const secret = readSessionCookie(c);
    if (secret !== undefined) {
      // This tells the access log who logged out.
      checkSecret(deps, c, { kind: 'session', secret });
      endSession(deps.authDb, secret);
    }
    clearSessionCookie(c);
    return wantsPage(c) ? c.redirect('/login', 303) : c.body(null, 204);
  });

  return app;
}

/** Whether a person in a browser reads the answer: only browsers prefer HTML to JSON. */
export function wantsPage(c: Context): boolean {
  const supports = ['application/json', 'text/html'];
  return accepts(c, { header: 'Accept', supports, default: 'application/json' }) === 'text/html';
}

/** Whether an address does more than open a page: it contains a question, or is one that only programs read. */
function isQuestion(path: string): boolean {
  return path.includes('?') || path.startsWith('/v1/') || path === '/metrics';
}

function page(c: Context, status: 200 | 401 | 429, content: LoginPageContent): Response | Promise<Response> {
  return c.html(loginPage(content), status, SMALL_PAGE_HEADERS);
}
