import { redirectTarget } from './calls/redirect-target.ts';
import type { SilenceWatch } from './calls/watch-silence.ts';

/** The answer of a witness. */
export interface WitnessReply {
  status: number;
  /** Where a redirect points. */
  redirectsTo: string | undefined;
  contentType: string;
  body: string;
}

/** A witness gave no usable answer; the message is a sentence that says why. */
export class WitnessSilent extends Error {
  override name = 'WitnessSilent';
}

/** One line for each key of a witness takes some kilobytes at most. */
const MOST_BYTES = 65_536;

/** Sends a request of https://c2sp.org/tlog-witness to `<url>/add-checkpoint`. Throws WitnessSilent. */
export async function postCheckpoint(
  url: string,
  body: string,
  { signal, watch }: { signal: AbortSignal; watch?: SilenceWatch | undefined },
): Promise<WitnessReply> {
  watch?.asked(url);
  // fetch does not report its connections, so the watch does not learn of them.
  watch?.connected(url);
  try {
    const address = `${url}/add-checkpoint`;
    const reply = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body,
      // Following a redirect would turn the request into a GET, and send it to a host that nobody chose.
      redirect: 'manual',
      signal,
    });
    watch?.answered(url);
    const { status, headers } = reply;
    const redirectsTo = redirectTarget(headers.get('location'), address);
    return { status, redirectsTo, contentType: headers.get('content-type') ?? '', body: await bodyText(reply) };
  } catch (error) {
    throw error instanceof WitnessSilent ? error : new WitnessSilent(sentenceOf(error), { cause: error });
  } finally {
    watch?.ended(url);
  }
}

async function bodyText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new WitnessSilent(`Its answer is longer than ${MOST_BYTES} bytes: check its url.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return `It cannot be reached: ${String(error)}.`;
  if (error.name === 'TimeoutError') return 'It did not answer in time.';
  const cause = error.cause instanceof Error ? error.cause : error;
  const code = 'code' in cause ? String(cause.code) : cause.message;
  return `It cannot be reached (${code}).`;
}
