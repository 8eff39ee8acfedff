import { isIP } from 'node:net';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';

/** Requests without a connection, as in a test, all have this address. */
const NO_ADDRESS = 'unknown';

/**
 * Returns the address that the request came from. Behind a trusted proxy this is the last address in X-Forwarded-For,
 * which the proxy added. The client itself may have written the earlier ones.
 */
export function clientAddress(c: Context, isProxyTrusted: boolean): string {
  if (isProxyTrusted) {
    const last = c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() ?? '';
    if (isIP(last) !== 0) return plain(last);
  }
  const address = c.env?.incoming === undefined ? undefined : getConnInfo(c).remote.address;
  return address === undefined ? NO_ADDRESS : plain(address);
}

/** Whether the client speaks https to the trusted proxy. This server itself speaks only http. */
export function isHttps(c: Context, isProxyTrusted: boolean): boolean {
  return isProxyTrusted && c.req.header('x-forwarded-proto')?.split(',').at(-1)?.trim().toLowerCase() === 'https';
}

/** Returns an IPv4 address in its usual form, even if it came over an IPv6 socket. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}
