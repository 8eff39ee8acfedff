/** What is known of who had this request sent. Headers are as they came; what did not come is undefined. */
export interface Fetched {
  method: string;
  path: string;
  /** Sec-Fetch-Site, Sec-Fetch-Mode, Sec-Fetch-Dest and Sec-Purpose. Browsers send them to https and to this machine, and no script can. */
  site: string | undefined;
  mode: string | undefined;
  dest: string | undefined;
  purpose: string | undefined;
  origin: string | undefined;
  referer: string | undefined;
  authorization: string | undefined;
  /** Whether the cookie of a session came along. */
  hasSession: boolean;
  /** The names by which this server is asked, each with its port where that is not its scheme's own. */
  hosts: readonly string[];
  corsOrigins: readonly string[];
}

/**
 * `allow`: no page of another site had it sent, or one that may. `link`: a page of another site led a browser here, which
 * may show a page, but no question of that other page's may run. `refuse`: a page of another site had it sent.
 */
export type FetchVerdict = 'allow' | 'link' | 'refuse';

/**
 * Judges a request by what its browser says of the page that had it sent. It stands before every route: any page in the
 * user's browser can have this server asked, and learns from how long that takes even what it may not read.
 */
export function judgeFetch(fetched: Fetched): FetchVerdict {
  if (hasOwnCredential(fetched) || isNamed(fetched) || !isForeign(fetched)) return 'allow';
  return isLink(fetched) ? 'link' : 'refuse';
}

/** Whether a page of another site had it sent. */
function isForeign({ site, origin, referer, hosts }: Fetched): boolean {
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const from = origin ?? referer;
  return from !== undefined && from !== '' && !isOwn(from, hosts);
}

/** No page can have a browser add these without a preflight. Basic is another matter: it goes along by itself. */
function hasOwnCredential({ authorization = '' }: Fetched): boolean {
  return /^(Bearer +\S|AWS4-HMAC-SHA256 )/i.test(authorization);
}

/** Whether it is a page's whose origin the settings name. The cookie is not that page's to act by. */
function isNamed({ method, path, origin, hasSession, corsOrigins }: Fetched): boolean {
  if (origin === undefined || !corsOrigins.includes(origin) || !path.startsWith('/v1/')) return false;
  return !hasSession || ['GET', 'HEAD', 'OPTIONS'].includes(method);
}

/** Whether a browser goes to a page of its own, rather than to load something for another page or ahead of time. */
function isLink({ method, site, mode, dest, purpose = '', origin }: Fetched): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  if (/\bprefetch\b/i.test(purpose)) return false;
  // Without the other headers, links have a Referer alone, and so do scripts and images: they are judged as links.
  return site === undefined ? origin === undefined : mode === 'navigate' && dest === 'document';
}

/** Whether an address is of this server, by host and port. Its scheme may be that of a proxy in front. */
function isOwn(from: string, hosts: readonly string[]): boolean {
  if (!URL.canParse(from)) return false;
  const { protocol, host } = new URL(from);
  if (protocol !== 'http:' && protocol !== 'https:') return false;
  return hosts.some((name) => URL.canParse(`${protocol}//${name}`) && new URL(`${protocol}//${name}`).host === host);
}
