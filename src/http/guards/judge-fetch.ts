/**
 * What a request says about the page that sent it. Headers have their original values; an absent header is undefined.
 */
export interface Fetched {
  method: string;
  path: string;
  /**
   * Sec-Fetch-Site, Sec-Fetch-Mode, Sec-Fetch-Dest and Sec-Purpose. Browsers send these headers to https servers and to
   * their own machine, and no script can set them.
   */
  site: string | undefined;
  mode: string | undefined;
  dest: string | undefined;
  purpose: string | undefined;
  origin: string | undefined;
  referer: string | undefined;
  authorization: string | undefined;
  /** Whether the request has the cookie of a session. */
  hasSession: boolean;
  /** The names by which clients call this server, each with its port if that is not the default port. */
  hosts: readonly string[];
  corsOrigins: readonly string[];
}

/**
 * `allow`: no page of another site sent the request, or the settings allow that page. `link`: a link on another site
 * led a browser here; we may show a page, but must not run the question in the address, which the other site may have
 * written. `refuse`: a page of another site sent the request.
 */
export type FetchVerdict = 'allow' | 'link' | 'refuse';

/**
 * Judges a request by what the browser says about the page that sent it. It must run before every route: any page can
 * make the user's browser send requests to this server. Even if the page can't read the answer, it learns something
 * from the time that the answer takes.
 */
export function judgeFetch(fetched: Fetched): FetchVerdict {
  if (hasOwnCredential(fetched) || isNamed(fetched) || !isForeign(fetched)) return 'allow';
  return isLink(fetched) ? 'link' : 'refuse';
}

/** Whether a page of another site sent the request. */
function isForeign({ site, origin, referer, hosts }: Fetched): boolean {
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const from = origin ?? referer;
  return from !== undefined && from !== '' && !isOwn(from, hosts);
}

/**
 * Whether the request has a token or a signature. A page can make a browser send these only after a preflight. Basic is
 * different, because browsers add it by themselves.
 */
function hasOwnCredential({ authorization = '' }: Fetched): boolean {
  return /^(Bearer +\S|AWS4-HMAC-SHA256 )/i.test(authorization);
}

/**
 * Whether the settings allow the page's origin. Such a page may only read if the request has the user's session cookie.
 */
function isNamed({ method, path, origin, hasSession, corsOrigins }: Fetched): boolean {
  if (origin === undefined || !corsOrigins.includes(origin) || !path.startsWith('/v1/')) return false;
  return !hasSession || ['GET', 'HEAD', 'OPTIONS'].includes(method);
}

/**
 * Whether a person opens the address in the browser. False if the browser loads it for another page, or ahead of time.
 */
function isLink({ method, site, mode, dest, purpose = '', origin }: Fetched): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  if (/\bprefetch\b/i.test(purpose)) return false;
  // Without the Sec-Fetch headers, a request for a link, a script or an image has only a Referer. All such requests are
  // judged as links.
  return site === undefined ? origin === undefined : mode === 'navigate' && dest === 'document';
}

/**
 * Whether an address belongs to this server, by host and port. The scheme does not matter, because it may be that of a
 * proxy in front.
 */
function isOwn(from: string, hosts: readonly string[]): boolean {
  if (!URL.canParse(from)) return false;
  const { protocol, host } = new URL(from);
  if (protocol !== 'http:' && protocol !== 'https:') return false;
  return hosts.some((name) => URL.canParse(`${protocol}//${name}`) && new URL(`${protocol}//${name}`).host === host);
}
