import type { ApiContext } from '../api-deps.ts';
import { etagOf, namesTag } from './etag.ts';

/**
 * Answers with bytes or a text as they are, with an ETag. A client that already has them gets 304. If `isImmutable`,
 * the client may keep them forever, but only in its own cache: a shared cache would serve them to callers without a
 * token.
 */
export function respondBytes(
  c: ApiContext,
  body: string | Buffer,
  { type, isImmutable = false, rows = 1 }: { type: string; isImmutable?: boolean; rows?: number },
): Response {
  c.set('rows', rows);
  const etag = etagOf(body);
  const cacheControl = isImmutable ? 'private, max-age=31536000, immutable' : 'private, no-cache';
  const headers = { etag, 'cache-control': cacheControl };
  if (namesTag(c, etag)) return c.body(null, 304, headers);
  const bytes = typeof body === 'string' ? body : new Uint8Array(body);
  return c.body(bytes, 200, { ...headers, 'content-type': type });
}
