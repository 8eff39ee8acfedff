import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import type { OnEnd } from '../end-to-end/run-cli.ts';

export const ACCOUNT = '012345678901';

/**
 * The beginning of each service's answer. The spaces after it would take hours if a byte comes every few milliseconds.
 */
const PADDING = ' '.repeat(1_000_000);
const REPLIES: readonly [kind: string, isOf: (request: IncomingMessage, body: string) => boolean, reply: string][] = [
  ['SSM', ({ headers }) => headers['x-amz-target'] !== undefined, `{"CommandInvocations":[],${PADDING}"Commands":[]}`],
  [
    'GetCallerIdentity',
    (_, body) => body.includes('Action=GetCallerIdentity'),
    `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>${ACCOUNT}</Account></GetCallerIdentityResult>${PADDING}</GetCallerIdentityResponse>`,
  ],
  [
    'AssumeRole',
    (_, body) => body.includes('Action=AssumeRole'),
    `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>A</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult>${PADDING}</AssumeRoleResponse>`,
  ],
  ['S3', ({ method }) => method === 'PUT', `<Error><Code>SlowDown</Code><Message>No.</Message>${PADDING}</Error>`],
  ['witness', ({ url }) => url?.endsWith('/add-checkpoint') === true, `— witness.example/w1 ${PADDING}`],
  ['credentials', () => true, `{"AccessKeyId":"A",${PADDING}"SecretAccessKey":"s","Token":"t"}`],
];

/**
 * A peer over HTTP for each kind of outgoing call. Replies of the given kinds come a byte every few milliseconds and do
 * not end during a test; all other replies come whole at once. The peer ends with the test.
 */
export async function startDrippingServer(dripping: readonly string[], everyMs = 5, onEnd: OnEnd = onTestFinished) {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const [kind = '', , reply = ''] = REPLIES.find(([, isOf]) => isOf(request, body)) ?? [];
    asked.push(kind);
    if (kind === 'S3') response.statusCode = 503;
    if (kind === 'AssumeRole' || kind === 'GetCallerIdentity') response.setHeader('content-type', 'text/xml');
    if (!dripping.includes(kind)) response.end(reply.replace(PADDING, ''));
    else drip(response, Buffer.from(reply), everyMs);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onEnd(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return { asked, url: `http://127.0.0.1:${port}` };
}

function drip(response: ServerResponse, bytes: Buffer, everyMs: number): void {
  response.setHeader('content-length', bytes.length);
  let at = 0;
  const timer = setInterval(() => {
    response.write(bytes.subarray(at, at + 1));
    at += 1;
  }, everyMs);
  response.on('close', () => clearInterval(timer));
}
