import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { SSMClient } from '@aws-sdk/client-ssm';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { connectOutputs } from '../../../src/upstream/outputs/connect-outputs.ts';
import type { OutputSource } from '../../../src/upstream/outputs/output-source.ts';
import { onTestEnd } from '../../on-test-end.ts';

/** Answers a request byte by byte, with the text of its body. */
export type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void;

export const READING = { maxBytes: 1000, counts: { calls: 0, throttles: 0, faults: 0 } };

/** Returns the services of outputs, of which each answers exactly what the function writes. */
export async function rawService(answer: Answer, wholeMs = 5000): Promise<OutputSource> {
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(Buffer.from(part));
    answer(request, response, Buffer.concat(parts).toString());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  const credentials = { accessKeyId: '111122223333', secretAccessKey: 'secret' };
  const settings = { endpoint, credentials, requestHandler: new NodeHttpHandler() };
  const ssm = new SSMClient({ ...settings, region: 'eu-west-1' });
  const source = connectOutputs(ssm, settings, 'eu-west-1', { wholeMs, stopped: new AbortController().signal });
  onTestEnd(() => {
    source.close();
    ssm.destroy();
    server.close().closeAllConnections();
  });
  return source;
}
