import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/**
 * Pages of somebody else, on this machine: `localhost` is another site than the console, and `127.0.0.1` is the
 * console's own site.
 */
export interface OtherSite {
  'cross-site': string;
  'same-site': string;
}

/**
 * Serves one page at every path, until the test ends. `/back?to=…` redirects to the address in `to`, as single sign-on
 * does at its end.
 */
export async function openOtherSite(html: string): Promise<OtherSite> {
  const server = createServer(({ url = '/' }, reply) => {
    const to = new URL(url, 'http://localhost').searchParams.get('to');
    if (to !== null) reply.writeHead(302, { location: to }).end();
    else reply.setHeader('content-type', 'text/html; charset=utf-8').end(html);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { 'cross-site': `http://localhost:${port}/`, 'same-site': `http://127.0.0.1:${port}/` };
}
