import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { onTestFinished, vi } from 'vitest';
import { REGION, s3Client } from '../../../simulator/clients.ts';
import type { MotoServer } from '../../../simulator/start-moto.ts';

/** A request on its way to the bucket. `forward` returns the bucket's reply, which the client has not got yet. */
export interface Passing {
  method: string;
  /** The address, with its query. */
  url: string;
  headers: IncomingMessage['headers'];
  body: Buffer;
  forward(): Promise<{ status: number; headers: IncomingMessage['headers']; body: Buffer }>;
  response: ServerResponse;
}

/** Answers a request instead of the bucket; returns false to let it pass. */
export type Meddle = (passing: Passing) => Promise<boolean> | boolean;

let buckets = 0;

/**
 * A new bucket of moto behind a proxy, to which the SDK is directed by the environment until the test ends. The proxy
 * lets everything pass until it is told otherwise.
 */
export async function makeBucket(moto: MotoServer) {
  buckets += 1;
  const bucket = `lake-${process.pid}-${buckets}`;
  await s3Client(moto).send(
    new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: REGION } }),
  );
  let meddle: Meddle | undefined;
  const seen: string[] = [];
  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    const body = await buffer(request);
    seen.push(`${method} ${url.split('?')[0]}`);
    const forward = () => forwarded(moto, { method, url, headers, body });
    if (await meddle?.({ method, url, headers, body, forward, response })) return;
    const reply = await forward();
    response.writeHead(reply.status, reply.headers).end(reply.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  onTestFinished(() => {
    vi.unstubAllEnvs();
    server.close();
    server.closeAllConnections();
  });
  useEndpoint(url);
  return {
    bucket,
    location: `s3://${bucket}/the/lake`,
    seen,
    meddle(next: Meddle | undefined) {
      meddle = next;
    },
  };
}

/** Directs the SDK to an endpoint until the test ends, with credentials that moto accepts. */
export function useEndpoint(url: string): void {
  const environment = {
    ...{ AWS_ENDPOINT_URL_S3: url, AWS_REGION: REGION, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
    ...{ AWS_EC2_METADATA_DISABLED: 'true', AWS_CONFIG_FILE: '/none', AWS_SHARED_CREDENTIALS_FILE: '/none' },
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
}

function forwarded(
  moto: MotoServer,
  { method, url, headers, body }: { method: string; url: string; headers: IncomingMessage['headers']; body: Buffer },
): Promise<{ status: number; headers: IncomingMessage['headers']; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const passed = send(`${moto.url}${url}`, { method, headers: { ...headers, connection: 'close' } }, (reply) => {
      buffer(reply).then(
        (bytes) => resolve({ status: reply.statusCode ?? 0, headers: replyHeaders(reply), body: bytes }),
        reject,
      );
    });
    passed.once('error', reject);
    passed.end(body);
  });
}

/** The reply goes on as a whole, so it is neither chunked nor the last of its connection. */
function replyHeaders({ headers }: IncomingMessage): IncomingMessage['headers'] {
  const { connection: _, 'transfer-encoding': __, ...others } = headers;
  return others;
}
