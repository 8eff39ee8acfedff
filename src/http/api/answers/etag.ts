import { sha256, sha256Of } from '../../../lib/sha256.ts';
import type { ApiContext } from '../api-deps.ts';

/** The strong entity tag of a body. Equal bytes have the same tag, whichever route serves them. */
export function etagOf(body: string | Uint8Array): string {
  const digest = typeof body === 'string' ? sha256(body) : sha256Of(body);
  return `"${digest.toString('base64url').slice(0, 27)}"`;
}

/** Whether the header If-None-Match contains the tag; undefined if the client did not send this header. */
export function namesTag(c: ApiContext, etag: string): boolean | undefined {
  return c.req
    .header('if-none-match')
    ?.split(',')
    .some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
}
