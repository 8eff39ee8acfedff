import type { ApiContext } from '../api-deps.ts';
import { etagOf, namesTag } from './etag.ts';

/**
 * Answers JSON with an ETag of its bytes and, if it is known, Last-Modified; a client that has it already gets 304. The
 * client must ask each time (no-cache), since an invocation may still change.
 */
export function respondUnchanging(c: ApiContext, body: object, changedAt: string | undefined, rows = 1): Response {
  c.set('rows', rows);
  const json = JSON.stringify(body);
  const etag = etagOf(json);
  const headers = {
    etag,
    'cache-control': 'private, no-cache',
    ...(changedAt !== undefined && { 'last-modified': new Date(changedAt).toUTCString() }),
  };
  if (isKnown(c, etag, changedAt)) return c.body(null, 304, headers);
  return c.body(json, 200, { ...headers, 'content-type': 'application/json' });
}

/** As RFC 9110 says, If-None-Match decides if it is there, and If-Modified-Since only without it. */
function isKnown(c: ApiContext, etag: string, changedAt: string | undefined): boolean {
  const isNamed = namesTag(c, etag);
  if (isNamed !== undefined) return isNamed;
  const since = Date.parse(c.req.header('if-modified-since') ?? '');
  return changedAt !== undefined && !Number.isNaN(since) && Math.floor(Date.parse(changedAt) / 1000) * 1000 <= since;
}
