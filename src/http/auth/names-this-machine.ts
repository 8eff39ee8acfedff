import type { Context } from 'hono';
import { isLoopback } from './is-loopback.ts';

/**
 * Whether the request's host is this machine, or one of the server's own configured names. The port does not matter: it
 * may belong to a tunnel or a proxy. Returns false for DNS rebinding: the name of a foreign page then resolves to
 * 127.0.0.1, but the browser still sends that name.
 */
export function namesThisMachine(c: Context, ownNames: readonly string[]): boolean {
  const name = hostnameOf(c.req.header('host') ?? new URL(c.req.url).host);
  return name !== undefined && (isLoopback(name) || ownNames.some((own) => hostnameOf(own) === name));
}

/** Returns the name or address in a Host header, without its port and brackets. */
function hostnameOf(host: string): string | undefined {
  // An IPv6 address has brackets in a Host header, but not in the settings.
  const named = [`http://${host}`, `http://[${host}]`].find((text) => URL.canParse(text));
  return named === undefined ? undefined : new URL(named).hostname.replace(/^\[|\]$/g, '');
}
