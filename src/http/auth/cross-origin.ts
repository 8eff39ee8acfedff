import type { Context } from 'hono';
import { isLoopback } from './is-loopback.ts';

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Whether a page of another origin had a browser send this, and it would change something. Browsers say so in
 * Sec-Fetch-Site (to localhost and over https) and in Origin; whatever sends neither is no browser.
 */
export function isCrossOriginWrite(c: Context): boolean {
  if (SAFE_METHODS.includes(c.req.method)) return false;
  const site = c.req.header('sec-fetch-site');
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const origin = c.req.header('origin');
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== hostOf(c).host;
}

/**
 * Whether the request names this machine as its host, or the host that the server was told to bind to. A page whose own
 * name was made to resolve to 127.0.0.1 (DNS rebinding) still names itself.
 */
export function namesThisMachine(c: Context, boundHost: string): boolean {
  const { hostname } = hostOf(c);
  const name = hostname.replace(/^\[|\]$/g, '');
  return isLoopback(name) || name === boundHost.toLowerCase();
}

/** By the Host header, which the server's own address of the request is made of. */
function hostOf(c: Context): URL {
  const { protocol, host } = new URL(c.req.url);
  const named = `${protocol}//${c.req.header('host') ?? host}`;
  return new URL(URL.canParse(named) ? named : 'http://invalid.invalid');
}
