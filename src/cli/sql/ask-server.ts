import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { text as textOf } from 'node:stream/consumers';
import { UserFault } from '../../lib/user-fault.ts';
import { visibleText } from '../../lib/visible-text.ts';
import type { SqlAnswerer, SqlQuestion } from './answerer.ts';
import { explainRefusal, parseProblem } from './explain-refusal.ts';
import { parseSqlAnswer } from './sql-answer.ts';

interface AskOptions {
  /** Of the server, as parseServerUrl gives it. */
  url: URL;
  token: string | undefined;
  /** Columns that a fault may be told in. */
  width: number;
}

const TYPES = { json: 'application/json', csv: 'text/csv', ndjson: 'application/x-ndjson' } as const;

/** Answers SQL by a server's `POST /v1/sql`. */
export function askServer({ url, token, width }: AskOptions): SqlAnswerer {
  const { signal, abort } = aborting();

  async function ask(question: SqlQuestion, format: keyof typeof TYPES, isRaw: boolean): Promise<IncomingMessage> {
    const { sql, params, limit, timeoutMs } = question;
    const at = new URL('v1/sql', url);
    at.searchParams.set('format', format);
    if (isRaw) at.searchParams.set('csv', 'raw');
    const body = JSON.stringify({ sql, params, ...(format === 'json' && { limit }), timeoutMs });
    const reply = await send(at, token, body, signal).catch((error: unknown) => {
      throw explainNetwork(error, url);
    });
    const type = reply.headers['content-type'] ?? '';
    if (reply.statusCode === 200 && type.startsWith(TYPES[format])) return reply;
    const problem = parseProblem(type.startsWith('application/problem+json') ? await textOf(reply) : '');
    reply.destroy();
    const { statusCode: status = 0, headers } = reply;
    throw explainRefusal({
      status,
      location: headers.location,
      problem,
      hasToken: token !== undefined,
      url,
      sql,
      width,
    });
  }

  return {
    async gather(question) {
      const json = await whole(await ask(question, 'json', false));
      try {
        return parseSqlAnswer(json);
      } catch (error) {
        throw new UserFault(`What ${url.href} answers is no answer to SQL. Is its version that of this command?`, {
          cause: error,
        });
      }
    },
    stream: async (question, format, isRaw) => unbroken(await ask(question, format, isRaw)),
    close: async () => abort(),
  };
}

function aborting() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

/** Sends a question. Not by fetch: that gives an answer up which does not begin within five minutes. */
function send(url: URL, token: string | undefined, body: string, signal: AbortSignal): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'ssm-archive',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
    request(url, { method: 'POST', headers, signal }, resolve).on('error', reject).end(body);
  });
}

async function whole(reply: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of unbroken(reply)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function* unbroken(reply: IncomingMessage): AsyncGenerator<Uint8Array> {
  try {
    yield* reply;
  } catch (error) {
    throw new UserFault(
      'The answer broke off: it took longer than the server gives it, or the server or the way to it failed. What has come is not all of it.',
      { cause: error },
    );
  }
}

/** Why no answer came at all. */
function explainNetwork(error: unknown, { origin, hostname }: URL): UserFault {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const detail = visibleText(error instanceof Error && error.message !== '' ? error.message : code || String(error));
  const sentence = /^E(NOTFOUND|AI_AGAIN)$/.test(code)
    ? `There is no host named ${hostname}.`
    : code === 'ECONNREFUSED'
      ? `Nothing listens at ${origin}: is "ssm-archive serve" running there, and is that its port?`
      : /CERT|SIGNATURE|ALTNAME/.test(code)
        ? `The certificate of ${origin} is not trusted (${detail}). NODE_EXTRA_CA_CERTS names a file of further authorities.`
        : /^(EPROTO|ERR_SSL_.*)$/.test(code)
          ? `${origin} does not speak TLS (${detail}): try http:// in --url.`
          : code.startsWith('HPE_')
            ? `${origin} does not speak HTTP: try https:// in --url, or another port.`
            : `${origin} can't be reached (${detail}).`;
  return new UserFault(sentence, { cause: error });
}
