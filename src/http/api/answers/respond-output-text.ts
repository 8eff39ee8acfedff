import type { OutputText } from '../../../archive/outputs/find-output-text.ts';
import { streamOutputText } from '../../../archive/outputs/stream-output-text.ts';
import type { ApiContext, ApiDeps } from '../api-deps.ts';
import { namesTag } from './etag.ts';

const HEADERS = {
  'content-type': 'text/plain; charset=utf-8',
  // If a browser treated the output as HTML in spite of its type, the sandbox would not let scripts in it run.
  'content-security-policy': "default-src 'none'; sandbox",
  'x-content-type-options': 'nosniff',
  'cache-control': 'private, no-cache',
} as const;

/**
 * Answers with the text of an output as it is stored, piece by piece as fast as the client reads: one piece
 * at a time is in memory for a client. A client that already has the text gets 304.
 */
export function respondOutputText(c: ApiContext, { archive }: Pick<ApiDeps, 'archive'>, text: OutputText): Response {
  const etag = `"${Buffer.from(text.sha256).toString('base64url').slice(0, 27)}"`;
  for (const [name, value] of Object.entries({ ...HEADERS, etag })) c.header(name, value);
  if (namesTag(c, etag)) {
    c.set('rows', 1);
    return c.body(null, 304);
  }
  // The access log treats the answer as a stream, so that it records how the answer ended.
  c.set('rows', () => 1);
  return c.body(streamOutputText(archive, text), 200);
}
