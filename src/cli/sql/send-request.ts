import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { explainTooManyFiles } from '../../lib/errors/explain-too-many-files.ts';
import { UserFault } from '../../lib/errors/user-fault.ts';
import { MINUTE_MS, SECOND_MS } from '../../lib/time.ts';
import { OUTGOING } from '../../upstream/calls/outgoing.ts';
import { watchAnswer } from './watch-answer.ts';

/** How often the system asks a silent peer whether it is still connected. */
const KEEP_ALIVE_MS = MINUTE_MS;

interface Sending {
  token: string | undefined;
  body?: string | undefined;
  signal?: AbortSignal;
  /** How long the server may be silent. The default is in OUTGOING. */
  idleMs?: number | undefined;
  /** Called if no answer has begun after some seconds; the call goes on waiting. */
  onSilence(sentence: string): void;
}

/**
 * Sends a question, by POST if it has a body. It does not use fetch, because fetch gives up if no answer begins within
 * five minutes. Throws UserFault if no answer comes.
 */
export async function sendRequest(url: URL, sending: Sending): Promise<IncomingMessage> {
  try {
    return await send(url, sending);
  } catch (error) {
    throw explainNetwork(error, url);
  }
}

function send(
  url: URL,
  { token, body, signal, onSilence, idleMs = OUTGOING.server.idleMs }: Sending,
): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const headers = {
      ...(body !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
      'user-agent': 'ssm-archive',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
    const method = body === undefined ? 'GET' : 'POST';
    const sent = request(url, { method, headers, ...(signal && { signal }) }, resolve);
    sent.on('error', reject);
    const { connectMs } = OUTGOING.server;
    watchAnswer(sent, { origin: url.origin, isSecure: url.protocol === 'https:', connectMs, say: onSilence });
    sent.setSocketKeepAlive(true, KEEP_ALIVE_MS);
    sent.setTimeout(idleMs, () => sent.destroy(new Error(`nothing came from it for ${idleMs / SECOND_MS} seconds`)));
    sent.end(body);
  });
}

/** Returns the whole answer. */
export async function wholeText(reply: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of unbroken(reply)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** Yields an answer in parts as they come. Throws UserFault if it breaks off. */
export async function* unbroken(reply: IncomingMessage): AsyncGenerator<Uint8Array> {
  try {
    yield* reply;
  } catch (error) {
    throw new UserFault(
      'The answer broke off: it took longer than the server allows, or the server or the connection failed. What was received is not the whole answer.',
      { cause: error },
    );
  }
}

/** Returns the error that says why no answer came. */
function explainNetwork(error: unknown, { origin, hostname }: URL): UserFault {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const tooManyFiles = explainTooManyFiles(error);
  if (tooManyFiles !== undefined) return new UserFault(tooManyFiles, { cause: error });
  const detail = error instanceof Error && error.message !== '' ? error.message : code || String(error);
  const sentence = /^E(NOTFOUND|AI_AGAIN)$/.test(code)
    ? `There is no host named ${hostname}.`
    : code === 'ECONNREFUSED'
      ? `Nothing listens at ${origin}: is "ssm-archive serve" running there, and is that its port?`
      : /CERT|SIGNATURE|ALTNAME/.test(code)
        ? `The certificate of ${origin} is not trusted (${detail}). Further authorities can be put into a file that NODE_EXTRA_CA_CERTS names.`
        : /^(EPROTO|ERR_SSL_.*)$/.test(code)
          ? `${origin} does not speak TLS (${detail}): try http:// in --url.`
          : code.startsWith('HPE_')
            ? `${origin} does not speak HTTP: try https:// in --url, or another port.`
            : `${origin} can't be reached (${detail}).`;
  return new UserFault(sentence, { cause: error });
}
