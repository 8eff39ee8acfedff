import type { ServerResponse } from 'node:http';

/**
 * Sends a whole reply byte by byte, one byte every `everyMs` milliseconds, for as long as the client stays connected.
 */
export async function dripReply(outgoing: ServerResponse, response: Response, everyMs: number): Promise<void> {
  const body = Buffer.from(await response.arrayBuffer());
  outgoing.writeHead(response.status, { ...Object.fromEntries(response.headers), 'content-length': body.length });
  let at = 0;
  const timer = setInterval(() => {
    outgoing.write(body.subarray(at, at + 1));
    at += 1;
    if (at >= body.length) end();
  }, everyMs);
  const end = () => {
    clearInterval(timer);
    outgoing.end();
  };
  outgoing.on('close', end);
}
