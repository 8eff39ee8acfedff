import type { Context, MiddlewareHandler } from 'hono';
import type { AccessEnv } from '../../access/caller.ts';
import { denyCrossOrigin } from '../auth/denial.ts';
import { wantsPage } from '../auth/login-routes.ts';
import { readSessionCookie } from '../auth/session-cookie.ts';
import { linkPage, refusalPage, SMALL_PAGE_HEADERS } from '../small-page.ts';
import { refuseAsAws } from './aws-refusal.ts';
import { type Fetched, judgeFetch } from './judge-fetch.ts';

export interface GuardFetchesDeps {
  corsOrigins: readonly string[];
  /** More names of this server, besides its own address: for example, those of a proxy in front. */
  publicHosts: readonly string[];
  isProxyTrusted: boolean;
}

/**
 * Routes that only programs and scripts read. A person who follows a link from another site to such a route first sees
 * a page with that link.
 */
const FOR_PROGRAMS = [/^\/v1(\/|$)/, /^\/metrics$/, /^\/suggestions$/];

/**
 * Refuses requests that pages of other sites make a browser send. If such a page only has a link that leads the browser
 * here, sets `linked`: the route must then not run the question in its address. This runs before everything that
 * answers.
 */
export function guardFetches(deps: GuardFetchesDeps): MiddlewareHandler<AccessEnv> {
  return async (c, next) => {
    const fetched = fetchedBy(c, deps);
    const verdict = judgeFetch(fetched);
    if (verdict === 'refuse') return refuse(c, fetched);
    if (verdict === 'link') {
      const hint = hintOf(fetched);
      if (FOR_PROGRAMS.some((path) => path.test(c.req.path))) {
        const { pathname, search } = new URL(c.req.url);
        return c.html(linkPage({ path: pathname + search, hint }), 200, SMALL_PAGE_HEADERS);
      }
      c.set('linked', { hint });
    }
    return next();
  };
}

function fetchedBy(c: Context, { corsOrigins, publicHosts, isProxyTrusted }: GuardFetchesDeps): Fetched {
  const { req } = c;
  const forwarded = isProxyTrusted ? req.header('x-forwarded-host')?.split(',').at(-1)?.trim() : undefined;
  return {
    ...{ method: req.method, path: req.path, corsOrigins },
    site: req.header('sec-fetch-site'),
    mode: req.header('sec-fetch-mode'),
    dest: req.header('sec-fetch-dest'),
    purpose: req.header('sec-purpose') ?? req.header('purpose'),
    origin: req.header('origin'),
    referer: req.header('referer'),
    authorization: req.header('authorization'),
    hasSession: readSessionCookie(c) !== undefined,
    hosts: [req.header('host') ?? new URL(req.url).host, ...(forwarded ? [forwarded] : []), ...publicHosts],
  };
}

/**
 * Without Sec-Fetch-Site, only the names in the headers can be compared. They may differ just because of a proxy in
 * front.
 */
function hintOf({ site, origin, referer, hosts: [host] }: Fetched): string | undefined {
  if (site !== undefined) return undefined;
  const from = origin ?? referer ?? '';
  const page = URL.canParse(from) ? `a page of ${new URL(from).origin}` : 'a page without an origin';
  return `The request was sent to ${host}, by ${page}. If both are this server behind a proxy, add the name of the proxy to SSM_ARCHIVE_PUBLIC_HOSTS.`;
}

const CROSS_SITE =
  'A page of another site cannot use this server through your browser. Open the address itself; let scripts send "Authorization: Bearer <token>"; or, for a page that may read answers, add its origin to SSM_ARCHIVE_CORS_ORIGINS.';

function refuse(c: Context, fetched: Fetched): Response | Promise<Response> {
  const hint = hintOf(fetched);
  const sentence = hint === undefined ? CROSS_SITE : `${CROSS_SITE} ${hint}`;
  if (c.req.method === 'POST' && c.req.path === '/')
    return refuseAsAws(c, { status: 403, code: 'AccessDeniedException', message: sentence });
  if (c.req.method !== 'OPTIONS' && wantsPage(c)) return c.html(refusalPage(sentence), 403, SMALL_PAGE_HEADERS);
  return denyCrossOrigin(c, sentence);
}
