import { hash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { onTestFinished, vi } from 'vitest';

export interface PutObject {
  method: string;
  path: string;
  host: string;
  headers: Record<string, unknown>;
  body: string;
}

/** The error with which the bucket answers: its code and its message. */
export interface Refusal {
  status: number;
  code: string;
  message?: string;
}

/**
 * A bucket over HTTP that stores objects, and overwrites none if it is asked not to. The SDK finds it under `hostname`,
 * through environment variables.
 */
export async function startFakeS3(hostname = '127.0.0.1') {
  const requests: PutObject[] = [];
  const objects = new Map<string, string>();
  let refusal: Refusal | undefined;
  let instead: ((response: ServerResponse) => void) | undefined;
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const { method = '', url: path = '', headers } = request;
    requests.push({ method, path, host: headers.host ?? '', headers, body });
    if (instead) return instead(response);
    const isThere = headers['if-none-match'] === '*' && objects.has(path);
    const refused = refusal ?? (isThere ? { status: 412, code: 'PreconditionFailed' } : undefined);
    if (!refused) {
      objects.set(path, body);
      return response.writeHead(200, { etag: `"${hash('md5', body)}"` }).end();
    }
    response.writeHead(refused.status, { 'content-type': 'application/xml' });
    response.end(`<Error><Code>${refused.code}</Code><Message>${refused.message ?? 'No.'}</Message></Error>`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    vi.unstubAllEnvs();
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const environment = {
    AWS_ENDPOINT_URL_S3: `http://${hostname}:${port}`,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'eu-west-1',
    AWS_MAX_ATTEMPTS: '1',
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  return {
    requests,
    objects,
    /** From now on, the bucket answers like a server that is not S3. */
    answerInstead(next: (response: ServerResponse) => void) {
      instead = next;
    },
    refuse(next: Refusal | undefined) {
      refusal = next;
    },
  };
}
