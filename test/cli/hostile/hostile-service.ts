import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { DAY_MS } from '../../../src/lib/time.ts';
import { hostileInvocation } from './hostile-archive.ts';
import { PLANT, PLANT_OF_HEADERS } from './plant.ts';

export interface HostileService {
  url: string;
  close(): void;
}

const ACCOUNT = '111122223333';

/**
 * Starts a service that answers as AWS does, with the hostile text as each of its texts. It says which account the
 * caller is, and refuses to list. Under /lists/ it lists a run; under /who/ the account itself is the hostile text.
 */
export function startHostileService(): Promise<HostileService> {
  return listening(async ({ url = '', target, body }) => {
    if (body.includes('Action=GetCallerIdentity')) {
      const account = url.startsWith('/who/') ? `${ACCOUNT}${PLANT_OF_HEADERS}\u202e` : ACCOUNT;
      return { status: 200, type: 'text/xml', body: identity(account) };
    }
    const isListed = url.startsWith('/lists/');
    const runs = target.endsWith('ListCommandInvocations') ? [hostileInvocation(Date.now() - 2 * DAY_MS)] : [];
    const listed = { CommandInvocations: runs, Commands: [] };
    const refusal = { __type: `AccessDeniedException`, message: PLANT };
    const type = 'application/x-amz-json-1.1';
    return { status: isListed ? 200 : 400, type, body: JSON.stringify(isListed ? listed : refusal) };
  });
}

/**
 * Starts a service that answers as an archive's server does: with a problem, or under /reports/ with reports. Each text
 * in an answer is the hostile text.
 */
export function startHostileServer(): Promise<HostileService> {
  const report = { name: PLANT, description: PLANT, sql: `SELECT 1\n-- ${PLANT.replaceAll(/[\r\n]/g, ' ')}` };
  const parameters = [{ name: PLANT, type: 'text', description: PLANT, default: PLANT }];
  const problem = {
    detail: PLANT,
    errors: [
      { field: 'sql', message: PLANT, position: { offset: 0, line: 1, column: 1 } },
      { field: PLANT, message: PLANT },
    ],
    plan: [PLANT],
  };
  return listening(async ({ url = '' }) => {
    const status = Number(/^\/(\d{3})\//.exec(url)?.[1] ?? 400);
    if (url.startsWith('/reports/'))
      return { status: 200, type: 'application/json', body: JSON.stringify({ items: [{ ...report, parameters }] }) };
    return { status, type: 'application/problem+json', body: JSON.stringify(problem), location: '/\x9b2J' };
  });
}

interface Asked {
  url: string | undefined;
  target: string;
  body: string;
}

interface Answer {
  status: number;
  type: string;
  body: string;
  location?: string;
}

async function listening(answer: (asked: Asked) => Promise<Answer>): Promise<HostileService> {
  const server = createServer(async (request, reply) => {
    const target = String(request.headers['x-amz-target'] ?? '');
    const { status, type, body, location } = await answer({ url: request.url, target, body: await text(request) });
    reply.writeHead(status, { 'content-type': type, ...(location && { location }) }).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => void server.close() };
}

function identity(account: string): string {
  return `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::${account}:user/u</Arn><UserId>u</UserId><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;
}
