import type { ApiContext } from '../api-deps.ts';
import { etagOf, namesTag } from './etag.ts';

/**
 * Answers with JSON, an ETag of its bytes and, if the time is known, Last-Modified. A client that already has this JSON
 * gets 304. The client must ask each time (no-cache), because an invocation may still change.
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

/** RFC 9110: if If-None-Match is present, If-Modified-Since is ignored. */
function isKnown(c: ApiContext, etag: string, changedAt: string | undefined): boolean {
  const isNamed = namesTag(c, etag);
  if (isNamed !== undefined) return isNamed;
  const since = Date.parse(c.req.header('if-modified-since') ?? '');
  return changedAt !== undefined && !Number.isNaN(since) && Math.floor(Date.parse(changedAt) / 1000) * 1000 <= since;
}
