import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AccessEnv } from '../../../src/access/caller.ts';
import { listen } from '../../../src/http/listen.ts';
import { routeTrial } from '../route-trial.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const GIBIBYTE = '1073741824';

interface Sent {
  method: string;
  at: string;
  headers?: Record<string, string>;
  /** Whether to send bytes without end, as long as the connection accepts them. */
  isEndless?: boolean;
}

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** The app on a port, and a caller that can send a body of any length. */
async function serve(app: OpenAPIHono<AccessEnv>) {
  const server = await listen(app.fetch, { host: '127.0.0.1', port: 0 });
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => {
    agent.destroy();
    return server.close();
  });

  /**
   * Returns the answer and the number of bytes that were sent. A body without end is sent until the server closes the
   * connection.
   */
  return ({ method, at, headers = {}, isEndless = false }: Sent) =>
    new Promise<Answer & { taken: number }>((resolve, reject) => {
      const asking = request(server.url + at, { method, headers, agent });
      let answer: Answer | undefined;
      let taken = 0;
      asking.on('response', async (reply) => {
        let text = '';
        for await (const part of reply.setEncoding('utf8')) text += part;
        answer = { status: reply.statusCode ?? 0, headers: reply.headers, text };
        if (!isEndless) asking.destroy();
      });
      // Writes fail if the server closes the connection before it has received them.
      asking.on('error', () => {});
      asking.on('close', () => (answer ? resolve({ ...answer, taken }) : reject(new Error(`${at} did not answer.`))));
      asking.flushHeaders();
      const more = () => {
        if (asking.destroyed) return;
        taken += 65_536;
        asking.write(Buffer.alloc(65_536, 'a'), more);
      };
      if (isEndless) more();
    });
}

describe('the body of a request', () => {
  it('is refused by every route before it is read, if it is longer than the largest limit of all routes', async () => {
    const { app, routes } = routeTrial();
    const send = await serve(app);
    for (const { method, at } of routes) {
      const { status, headers, text } = await send({ method, at, headers: { 'content-length': GIBIBYTE } });
      expect([method, at, status]).toEqual([method, at, 413]);
      if (method === 'POST' && at === '/') {
        const message = 'A request may have at most 262144 bytes.';
        expect(headers['content-type']).toBe('application/x-amz-json-1.1');
        expect(JSON.parse(text)).toEqual({ __type: 'SerializationException', message });
      } else {
        expect(headers['content-type']).toBe('application/problem+json');
        expect(JSON.parse(text)).toMatchObject({ status: 413, title: 'Too large' });
      }
    }
  });

  it('is cut off if it has no end, and the memory of the server does not grow with it', async () => {
    const { app, routes } = routeTrial();
    const send = await serve(app);
    const chunked = { ...FORM, 'transfer-encoding': 'chunked' };
    const before = process.memoryUsage.rss();
    for (const { method, at } of routes.filter((route) => route.method !== 'GET')) {
      const { status, taken } = await send({ method, at, headers: chunked, isEndless: true });
      expect([method, at, status]).toEqual([method, at, 413]);
      expect(taken).toBeGreaterThan(0);
    }
    expect(process.memoryUsage.rss() - before).toBeLessThan(200_000_000);
  });

  it('is cut off even with a GET, although no route reads the body of a GET', async () => {
    const send = await serve(routeTrial().app);
    const headers = { 'transfer-encoding': 'chunked' };
    expect((await send({ method: 'GET', at: '/healthz', headers, isEndless: true })).status).toBe(200);
    const refused = { ...headers, 'sec-fetch-site': 'cross-site' };
    expect((await send({ method: 'GET', at: '/healthz', headers: refused, isEndless: true })).status).toBe(403);
    expect((await send({ method: 'GET', at: '/healthz', headers: { 'content-length': '2' } })).status).toBe(200);
  });

  it.each([
    ['POST', '/display', 65_536],
    ['POST', '/collector/passes', 65_536],
    ['POST', '/login', 8192],
    ['POST', '/', 262_144],
    ['POST', '/v1/sql', 1_048_576],
    ['PUT', '/v1/reports/mine', 1_048_576],
    ['POST', '/sql/save', 1_048_576],
  ])('is refused for %s %s only if it has more than %i bytes', async (method, at, most) => {
    const { app } = routeTrial();
    for (const length of [most, most + 1]) {
      const declared = { ...FORM, 'content-length': String(length) };
      for (const headers of [declared, FORM]) {
        const { status } = await app.request(at, { method, headers, body: 'a'.repeat(length) });
        expect([length, status === 413]).toEqual([length, length > most]);
      }
    }
  });

  it('is refused with an HTML page in a browser if it is too long', async () => {
    const send = await serve(routeTrial().app);
    const headers = { accept: 'text/html', 'content-length': GIBIBYTE };
    const answer = await send({ method: 'POST', at: '/sql/save', headers });
    expect(answer.headers['content-type']?.toLowerCase()).toBe('text/html; charset=utf-8');
    expect(answer.text).toContain('may have at most 1048576 bytes');
  });
});
