import { sha256, sha256Of } from '../../../lib/sha256.ts';
import type { ApiContext } from '../api-deps.ts';

/** The strong entity tag of a body. Equal bytes have the same tag wherever they are served. */
export function etagOf(body: string | Uint8Array): string {
  const digest = typeof body === 'string' ? sha256(body) : sha256Of(body);
  return `"${digest.toString('base64url').slice(0, 27)}"`;
}

/** Whether If-None-Match names the tag; undefined if the client sent no such header. */
export function namesTag(c: ApiContext, etag: string): boolean | undefined {
  return c.req
    .header('if-none-match')
    ?.split(',')
    .some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
}
