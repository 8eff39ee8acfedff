import type { Context } from 'hono';
import { isLoopback } from './is-loopback.ts';

/**
 * Whether the request names this machine as its host, or one of the names that the server was told are its own; its port is
 * that of a tunnel or of a proxy and does not matter. A page whose own name was made to resolve to 127.0.0.1 (DNS
 * rebinding) still names itself.
 */
export function namesThisMachine(c: Context, ownNames: readonly string[]): boolean {
  const name = hostnameOf(c.req.header('host') ?? new URL(c.req.url).host);
  return name !== undefined && (isLoopback(name) || ownNames.some((own) => hostnameOf(own) === name));
}

/** The name or the address of a Host header, without its port and brackets. */
function hostnameOf(host: string): string | undefined {
  // What is an address of IPv6 and stands by itself has brackets only in a Host header.
  const named = [`http://${host}`, `http://[${host}]`].find((text) => URL.canParse(text));
  return named === undefined ? undefined : new URL(named).hostname.replace(/^\[|\]$/g, '');
}
