import { createServer, type IncomingHttpHeaders, type IncomingMessage, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Reply } from './read-pages.ts';

/** The request of a client, and the reply that it got. */
export interface Exchange extends Reply {
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Recorder {
  url: string;
  exchanges: Exchange[];
  close(): Promise<void>;
}

/**
 * A proxy between clients and a server. It passes everything on unchanged, because clients sign the Host, and records
 * requests and replies.
 */
export async function recordReplies(target: string): Promise<Recorder> {
  const exchanges: Exchange[] = [];
  const server = createServer(async (request, response) => {
    const sent = await bodyTextOf(request);
    const reply = await forward(target, request.headers, sent);
    const text = await bodyTextOf(reply);
    const operation = String(request.headers['x-amz-target']).replace('AmazonSSM.', '');
    const status = reply.statusCode ?? 0;
    exchanges.push({ operation, body: JSON.parse(sent === '' ? '{}' : sent), status, text });
    response.writeHead(status, reply.headers).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    exchanges,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function forward(target: string, headers: IncomingHttpHeaders, body: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { connection: _, expect: __, ...kept } = headers;
    send(target, { method: 'POST', headers: kept }, resolve).on('error', reject).end(body);
  });
}

async function bodyTextOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
