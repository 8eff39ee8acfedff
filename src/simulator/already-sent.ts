import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';

/**
 * Returns the value for a handler to return once it has written its reply, or broken the connection, by itself.
 *
 * The first server of a process replaces the global `Response` with the adapter's own class. If the adapter's constant
 * is made after that, it is of that class, and the adapter sends it without reading the header that says "already
 * sent": it writes a second head, fails, and breaks the connection. Once the body of such an object is read, the
 * adapter treats it as any other Response, and reads that header (@hono/node-server 2.1.9, responseViaCache).
 */
export function alreadySent(): Response {
  void RESPONSE_ALREADY_SENT.body;
  return RESPONSE_ALREADY_SENT;
}
