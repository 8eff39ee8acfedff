import { streamOutputText } from '../../../archive/outputs/stream-output-text.ts';
import type { PlacedText } from '../../../archive/whole/find-any-output.ts';
import { type ApiContext, type ApiDeps, readOptions } from '../api-deps.ts';
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
export async function respondOutputText(
  c: ApiContext,
  { archive, readers, exportDeadlineMs }: ApiDeps,
  text: PlacedText,
): Promise<Response> {
  const etag = `"${Buffer.from(text.sha256).toString('base64url').slice(0, 27)}"`;
  for (const [name, value] of Object.entries({ ...HEADERS, etag })) c.header(name, value);
  if (namesTag(c, etag)) {
    c.set('rows', 1);
    return c.body(null, 304);
  }
  // The access log treats the answer as a stream, so that it records how the answer ended.
  c.set('rows', () => 1);
  if (!text.place) return c.body(streamOutputText(archive, text), 200);
  const { body } = await readers.stream('outputText', text.place, readOptions(c, exportDeadlineMs));
  return c.body(body, 200);
}
