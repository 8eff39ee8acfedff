import { request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { WHOLE_FROM_HEADER } from '../../../src/http/api/answers/whole-from-member.ts';
import { NEVER_SEEN_HEADER } from '../../../src/http/api/empty/why-empty.ts';
import { listen } from '../../../src/http/listen.ts';
import { SOURCE } from '../../archive/raw-invocation.ts';
import { apiTrial, faultsOf } from './api-trial.ts';

const api = apiTrial();
const shared = apiTrial({ corsOrigins: ['https://audit.example.com'] });
const guarded = apiTrial();
const broken = apiTrial({ isRead: false });
await api.record([{ InstanceId: 'i-1' }, { InstanceId: 'i-2' }]);
const LISTS = [
  'invocations',
  'commands',
  'instances',
  'documents',
  'runs',
  'sweeps',
  'sources',
  'coverage',
  'reports',
  'access-log',
];

describe('every list', () => {
  it.each([...LISTS, 'stats?groupBy=day'])(
    'is available in each format, and refuses unknown parameters: %s',
    async (list) => {
      const [path = '', query = 'x'] = `/v1/${list}`.split('?');
      const and = list.includes('?') ? `${query}&` : '';
      const { items } = await api.list(`${path}?${and}format=json`);
      expect(api.accessRows()[0]).toMatchObject({ path, status: 200, rows: items.length });
      const ndjson = await (await api.ask(`${path}?${and}format=ndjson`)).text();
      const csv = await api.ask(`${path}?${and}format=csv&csv=raw`);
      expect(csv.headers.get('content-disposition')).toMatch(/^attachment; filename="[a-z-]+-20260331T120000Z\.csv"$/);
      expect(await csv.text()).toMatch(/^\w+(,\w+)*\r\n/);
      if (list !== 'access-log') expect(ndjson.split('\n').length - 1).toBe(items.length);
      for (const name of ['nothing', 'limit ', '__proto__']) {
        const url = `${path}?${and}${encodeURIComponent(name)}=1&format=xml`;
        expect(Object.keys(faultsOf(await api.problem(url, 400))).sort()).toEqual([name, 'format'].sort());
      }
    },
  );
});

describe('a request', () => {
  it('for an unknown path, or with a wrong method, gets an error that says so', async () => {
    for (const path of [
      '/v1',
      '/v1/',
      '/v1/nothing',
      '/v1/invocations/',
      '/v1/invocations/1/2/3',
      '/v1/%00',
      '/V1/runs',
    ]) {
      expect((await api.problem(path, 404)).detail).toContain('/openapi.json and /docs list what there is');
    }
    const reply = await api.app.request('/v1/invocations', { method: 'DELETE' });
    expect([reply.status, reply.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect((await api.problem('/v1/ingest', 405)).detail).toBe('/v1/ingest allows POST, not GET.');
    expect((await api.problem('/v1/invocations/1/2/3/4/revisions', 405, { method: 'PUT' })).title).toBe(
      'Method not allowed',
    );
  });

  it('by HEAD gets the headers without the body', async () => {
    for (const path of ['/v1/invocations', '/v1/invocations?format=csv', '/v1/stats?groupBy=day', '/openapi.json']) {
      const reply = await api.app.request(path, { method: 'HEAD' });
      expect([path, reply.status, await reply.text()]).toEqual([path, 200, '']);
    }
    expect((await api.app.request('/v1/invocations?limit=0', { method: 'HEAD' })).status).toBe(400);
  });

  it('by GET gets an answer even if it has a body or a very long query', async () => {
    const server = await listen(api.app.fetch, { host: '127.0.0.1', port: 0 });
    const status = (path: string, body: string) =>
      new Promise((resolve, reject) => {
        const asked = request(`${server.url}${path}`, { method: 'GET', headers: { 'content-length': body.length } });
        asked.on('response', (reply) => resolve(reply.resume().statusCode)).on('error', reject);
        asked.end(body);
      });
    expect(await status('/v1/invocations', '{"limit": 0}')).toBe(200);
    expect(await status(`/v1/invocations?comment=${'x'.repeat(10_000)}`, '')).toBe(400);
    expect(await status(`/v1/invocations?${'a=1&'.repeat(2500)}`, '')).toBe(400);
    await server.close();
  });

  it('has an id in its reply, in the log and in the access log: the client’s own if that is safe, else a new one', async () => {
    const reply = await api.ask('/v1/runs', { headers: { 'x-request-id': 'mine-1' } });
    expect(reply.headers.get('x-request-id')).toBe('mine-1');
    expect(api.accessRows()[0]).toMatchObject({ requestId: 'mine-1' });
    const problem = await api.app.request('/v1/nothing', { headers: { 'x-request-id': 'a b' } });
    expect(problem.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    broken.app.get('/v1/fails', () => {
      throw new Error('inside');
    });
    await broken.app.request('/v1/fails', { headers: { 'x-request-id': 'mine-2' } });
    expect(broken.logged).toMatchObject([{ requestId: 'mine-2', err: { message: 'inside' } }]);
  });

  it.each(['json', 'csv', 'ndjson'])('gets %s with gzip if it accepts gzip', async (format) => {
    const path = `/v1/invocations?format=${format}`;
    const plain = await (await api.ask(path)).text();
    const reply = await api.app.request(path, { headers: { 'accept-encoding': 'gzip' } });
    expect(reply.headers.get('content-encoding')).toBe('gzip');
    expect(gunzipSync(Buffer.from(await reply.arrayBuffer())).toString()).toBe(plain);
    expect(reply.headers.get('vary')).toMatch(/Accept\b.*Accept-Encoding/);
  });

  it('gets an ETag with a compressed reply, and 304 if it sends that ETag again', async () => {
    const path = `/v1/invocations/${SOURCE.accountId}/${SOURCE.region}/11111111-2222-4333-8444-555555555555/i-1`;
    const headers = { 'accept-encoding': 'gzip' };
    const etag = (await api.app.request(path, { headers })).headers.get('etag') ?? '';
    expect(etag).toMatch(/^W\//);
    expect((await api.app.request(path, { headers: { ...headers, 'if-none-match': etag } })).status).toBe(304);
  });
});

describe('a page of another origin', () => {
  const headers = { origin: 'https://audit.example.com' };
  const preflight = { method: 'OPTIONS', headers: { ...headers, 'access-control-request-method': 'GET' } };

  it('may read nothing unless its origin is configured', async () => {
    const reply = await api.ask('/v1/invocations', { headers });
    expect(reply.status).toBe(403);
    expect([...reply.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    expect((await api.app.request('/v1/invocations', preflight)).headers.get('access-control-allow-origin')).toBeNull();
  });

  it('may read answers and errors if its origin is configured, and no other page may', async () => {
    for (const path of ['/v1/invocations', '/v1/invocations?limit=0']) {
      const reply = await shared.ask(path, { headers });
      expect(reply.headers.get('access-control-allow-origin')).toBe('https://audit.example.com');
      const exposed = reply.headers.get('access-control-expose-headers');
      for (const name of ['x-request-id', NEVER_SEEN_HEADER, WHOLE_FROM_HEADER]) expect(exposed).toContain(name);
      expect(reply.headers.get('vary')).toContain('Origin');
    }
    expect((await shared.ask('/v1/invocations', { headers })).headers.get('vary')).toMatch(/Accept\b/);
    const allowed = await shared.app.request('/v1/invocations', preflight);
    expect([allowed.status, allowed.headers.get('access-control-allow-methods')]).toEqual([
      204,
      'GET,HEAD,POST,PUT,DELETE',
    ]);
    const other = await shared.ask('/v1/invocations', { headers: { origin: 'https://other.example.com' } });
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('a server with tokens', () => {
  const asker = guarded.makeToken('reader', 'auditor');
  const operator = guarded.makeToken('operator', 'root');
  const as = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

  it('refuses every request under /v1 without a token', async () => {
    for (const path of [...LISTS.map((list) => `/v1/${list}`), '/v1/stats?groupBy=day', '/v1/compare', '/v1/nothing']) {
      const { title } = await guarded.problem(path, 401);
      expect(title).toBe('Token needed');
    }
    await guarded.problem('/v1/runs', 401, as('wrong'));
  });

  it('lets readers read, and lets only operators use the routes for operators', async () => {
    await guarded.json('/v1/invocations', as(asker));
    expect(guarded.accessRows()[0]).toMatchObject({ caller: 'auditor', role: 'reader', rows: 0 });
    expect((await guarded.problem('/v1/access-log', 403, as(asker))).title).toBe('Role needed');
    await guarded.problem('/v1/ingest', 403, { method: 'POST', ...as(asker) });
    await guarded.json('/v1/access-log', as(operator));
  });

  it('shows refused attempts to operators among the answered requests, in each format', async () => {
    const own = apiTrial();
    const asked = as(own.makeToken('operator', 'root'));
    await own.problem('/v1/reports/a-stranger-chose-this?and=this', 401, as('wrong'));
    await own.json('/v1/runs', asked);
    expect((await own.json('/v1/access-log?path=/v1/r', asked)).items).toMatchObject([
      { caller: 'root', path: '/v1/runs', attempts: null, lastAt: null },
      { caller: null, role: null, path: '/v1/reports/:name', query: '', status: 401, attempts: 1 },
    ]);
    const csv = await (await own.ask('/v1/access-log?format=csv', asked)).text();
    expect(csv).toMatch(/,attempts,lastAt\r\n/);
    expect(csv).not.toContain('a-stranger');
  });
});
