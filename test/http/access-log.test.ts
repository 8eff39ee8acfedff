import { connect } from 'node:net';
import { serve } from '@hono/node-server';
import SQLite from 'better-sqlite3';
import { Hono } from 'hono';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AccessEnv } from '../../src/access/caller.ts';
import { boundAccessLog } from '../../src/access/log/bound-access-log.ts';
import { createRefusals } from '../../src/access/log/create-refusals.ts';
import { readAccessLog } from '../../src/access/log/read-access-log.ts';
import { revokeToken } from '../../src/access/tokens/revoke-token.ts';
import { createAccessLog } from '../../src/http/access-log.ts';
import { createAuth } from '../../src/http/auth/create-auth.ts';
import { requireRole } from '../../src/http/auth/require-role.ts';
import { requestId } from '../../src/http/request-id.ts';
import { SECOND_MS } from '../../src/lib/time.ts';
import { accessTrial, START } from '../access/access-trial.ts';
import { memoryLog } from '../memory-log.ts';

const CHUNK = 'x'.repeat(65_536);

/** A server with the same middleware as the real one, and a route for each kind of answer. */
function setUp() {
  const trial = accessTrial();
  const { accessDb, now, deps, pass } = trial;
  const { log, logged } = memoryLog();
  const auth = createAuth({ ...deps, host: '0.0.0.0', isProxyTrusted: false, isInsecureAllowed: false });
  const app = new Hono<AccessEnv>();
  const sources: { sent: number; cancelled: boolean }[] = [];
  let ids = 0;
  app.use(requestId({ log, newId: () => `id-${++ids}` }));
  const refusals = createRefusals({ accessDb, now, log });
  app.use(createAccessLog({ accessDb, now, log, isProxyTrusted: false, refusals }));
  app.use(auth.guard);
  app.route('/', auth.routes);
  app.use('/v1/access-log', requireRole('operator'));
  app.get('/v1/access-log', (c) => c.json({}));
  app.get('/healthz', (c) => c.text('ok'));
  app.get('/v1/invocations', (c) => {
    c.set('rows', 50);
    pass(4);
    return c.json({ items: [] });
  });
  app.get('/v1/fails', (c) => {
    c.get('log')?.info('It is about to fail.');
    throw new Error('broken');
  });
  app.get('/v1/events', (c) => c.body('event: end\n\n', 200, { 'content-type': 'text/event-stream' }));
  // An export of `chunks` chunks, with one row in each. It fails after `breakAt` chunks.
  app.get('/v1/export', (c) => {
    const source = { sent: 0, cancelled: false };
    sources.push(source);
    c.set('rows', () => source.sent);
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        await new Promise((resolve) => setImmediate(resolve));
        if (source.cancelled) return;
        if (source.sent === Number(c.req.query('breakAt'))) return controller.error(new Error('The reader died.'));
        if (source.sent === Number(c.req.query('chunks'))) return controller.close();
        source.sent++;
        pass(1);
        controller.enqueue(Buffer.from(CHUNK));
      },
      cancel() {
        source.cancelled = true;
      },
    });
    return c.body(body, 200, { 'content-type': 'text/csv' });
  });
  app.onError((_error, c) => c.json({ status: 500 }, 500));
  const rows = () => readAccessLog(accessDb, { limit: 100 }).items;
  const ask = (token: string, path: string, init: RequestInit = {}) =>
    app.request(path, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } });
  return { ...trial, app, ask, rows, logged, sources, refusals };
}

async function listen(app: Hono<AccessEnv>): Promise<number> {
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 });
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The server has no address.');
  return address.port;
}

/** Waits until the check returns true. If it never does, the test fails by its time limit. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('the access log', () => {
  it('records who asked, when, from which address and for what, and how many rows the answer had', async () => {
    const { app, make, rows } = setUp();
    const token = make('reader', 'auditor');
    const port = await listen(app);
    const reply = await fetch(`http://127.0.0.1:${port}/v1/invocations?status=Failed&comment=a%20b`, {
      headers: { authorization: `Bearer ${token}`, 'user-agent': 'audit/1.0', 'x-request-id': 'mine-1' },
    });
    expect([reply.status, await reply.json()]).toEqual([200, { items: [] }]);
    expect(rows()).toEqual([
      {
        id: 1,
        at: START,
        requestId: 'mine-1',
        caller: 'auditor',
        tokenId: token.slice(0, 12),
        role: 'reader',
        remoteAddress: '127.0.0.1',
        method: 'GET',
        path: '/v1/invocations',
        query: 'status=Failed&comment=a%20b',
        sql: null,
        params: null,
        engine: null,
        status: 200,
        outcome: 'complete',
        rows: 50,
        bytes: null,
        elapsedMs: 4,
        userAgent: 'audit/1.0',
        attempts: null,
        lastAt: null,
      },
    ]);
  });

  it('records requests that were refused or failed, and requests for paths that do not exist', async () => {
    const { ask, make, rows, deps } = setUp();
    const token = make('reader', 'auditor');
    const gone = make('reader', 'gone');
    revokeToken(deps, 'gone');
    for (const path of ['/v1/access-log', '/v1/fails', '/v1/nothing']) await ask(token, path);
    await ask(gone, '/v1/invocations');
    await ask('wrong', '/v1/invocations');
    expect(rows().map(({ caller, role, tokenId, path, status }) => [caller, role, tokenId, path, status])).toEqual([
      [null, null, null, '/v1/invocations', 401],
      ['gone', null, gone.slice(0, 12), '/v1/invocations', 401],
      ['auditor', 'reader', token.slice(0, 12), '/v1/nothing', 404],
      ['auditor', 'reader', token.slice(0, 12), '/v1/fails', 500],
      ['auditor', 'reader', token.slice(0, 12), '/v1/access-log', 403],
    ]);
  });

  it('records successful and failed logins, and logouts', async () => {
    const { app, make, rows } = setUp();
    const token = make('reader', 'auditor');
    const post = (path: string, body: Record<string, string>, cookie = '') =>
      app.request(path, { method: 'POST', body: new URLSearchParams(body), headers: { cookie } });
    await post('/login', { token: 'wrong' });
    const reply = await post('/login', { token });
    const cookie = reply.headers.get('set-cookie')?.split(';')[0] ?? '';
    await app.request('/v1/invocations', { headers: { cookie } });
    await post('/logout', {}, cookie);
    expect(rows().map(({ caller, method, path, status }) => [caller, method, path, status])).toEqual([
      ['auditor', 'POST', '/logout', 204],
      ['auditor', 'GET', '/v1/invocations', 200],
      ['auditor', 'POST', '/login', 303],
      [null, 'POST', '/login', 401],
    ]);
  });

  it('counts refused attempts in one row, on every route and even from an address that must wait; the row counts nothing else', async () => {
    const { app, ask, make, rows, refusals, pass } = setUp();
    make('reader');
    for (let i = 0; i < 20; i++) {
      await ask('wrong', ['/v1/invocations?a=b', '/healthz', '/metrics', '/v1/nothing'][i % 4] ?? '');
      pass(SECOND_MS);
    }
    await app.request('/login', { method: 'POST', body: new URLSearchParams({ token: 'wrong' }) });
    for (const path of ['/v1/invocations', '/login', '/healthz']) await app.request(path);
    refusals.write();
    expect(rows()).toEqual([
      {
        ...{ id: 1, at: START, lastAt: '2026-03-01T09:30:20.000Z', attempts: 16, outcome: 'open', status: 401 },
        ...{ method: 'GET', path: '/v1/invocations, none, /login', remoteAddress: 'unknown', query: '' },
        ...{ caller: null, tokenId: null, role: null, requestId: null, userAgent: null, sql: null, params: null },
        engine: null,
        ...{ rows: null, bytes: null, elapsedMs: 0 },
      },
    ]);
  });

  it('shortens a very long path, query or user agent of a known caller, and says how much it left out', async () => {
    const { app, make, rows } = setUp();
    const token = make('sql', 'auditor');
    const sql = `SELECT '${'é'.repeat(300_000)}'`;
    app.post('/v1/sql', (c) => {
      c.set('asked', { sql, params: { since: 'x'.repeat(200_000) } });
      return c.json({});
    });
    app.get('/:path', (c) => c.json({}));
    const headers = { authorization: `Bearer ${token}`, 'user-agent': 'u'.repeat(15_000) };
    await app.request('/v1/sql', { method: 'POST', headers });
    await app.request(`/${'p'.repeat(15_000)}?${'q'.repeat(17_000)}`, { headers });
    const [address, bySql] = rows();
    // SQL is kept in full.
    expect(bySql).toMatchObject({ sql, params: JSON.stringify({ since: 'x'.repeat(200_000) }) });
    expect(address).toMatchObject({
      path: `/${'p'.repeat(2047)}… [12953 more characters]`,
      query: `${'q'.repeat(16_384)}… [616 more characters]`,
      userAgent: `${'u'.repeat(1024)}… [13976 more characters]`,
    });
  });

  it('names the caller "local" if no token is needed', async () => {
    const { accessDb, deps, now } = accessTrial();
    const { log } = memoryLog();
    const app = new Hono<AccessEnv>();
    app.use(createAccessLog({ accessDb, now, log, isProxyTrusted: false }));
    app.use(createAuth({ ...deps, host: '127.0.0.1', isProxyTrusted: false, isInsecureAllowed: false }).guard);
    app.get('/v1/invocations', (c) => c.json({}));
    await app.request('/v1/invocations');
    expect(readAccessLog(accessDb, { limit: 9 }).items).toMatchObject([
      { caller: 'local', tokenId: null, role: 'operator', rows: null, status: 200 },
    ]);
  });

  it('never contains a token or a cookie, wherever a client puts one', async () => {
    const { app, ask, make, accessPath } = setUp();
    const token = make('reader', 'auditor');
    const login = await app.request('/login', { method: 'POST', body: new URLSearchParams({ token }) });
    const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? '';
    await app.request(`/v1/invocations?token=${token}`, { headers: { cookie, 'user-agent': `curl ${token}` } });
    await ask(token, `/v1/${token}?cookie=${cookie}`);
    const sqlite = new SQLite(accessPath, { readonly: true });
    onTestFinished(() => {
      sqlite.close();
    });
    const text = JSON.stringify(sqlite.prepare('SELECT * FROM requests').all());
    expect(text).toContain('token=ssm_');
    expect(text).toContain('[redacted]');
    expect(text).not.toContain(token.slice(12));
    expect(text).not.toContain(cookie.split('ssms_')[1]?.slice(8));
  });
});

describe('a stream in the access log', () => {
  it('is recorded as open until it was read to its end, and then with its numbers of rows and bytes', async () => {
    const { ask, make, rows } = setUp();
    const reply = await ask(make('reader'), '/v1/export?chunks=3');
    expect(rows()).toMatchObject([{ outcome: 'open', status: 200, rows: null, bytes: null }]);
    expect((await reply.text()).length).toBe(3 * CHUNK.length);
    expect(rows()).toMatchObject([{ outcome: 'complete', rows: 3, bytes: 3 * CHUNK.length, elapsedMs: 3 }]);
  });

  it('is recorded with what was sent before its reader closed the connection, and its source is released', async () => {
    const { app, make, rows, sources } = setUp();
    const token = make('reader');
    const port = await listen(app);
    const socket = connect(port, '127.0.0.1');
    socket.write(`GET /v1/export?chunks=1e9 HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n\r\n`);
    await new Promise((resolve) => socket.once('data', resolve));
    socket.destroy();
    await until(() => rows()[0]?.outcome !== 'open');
    const [row] = rows();
    expect(row).toMatchObject({ outcome: 'aborted', status: 200, remoteAddress: '127.0.0.1' });
    expect(row?.rows).toBeGreaterThan(0);
    expect(row?.bytes).toBeGreaterThan(0);
    expect(sources).toEqual([{ sent: row?.rows, cancelled: true }]);
  });

  it('is recorded with what was sent before its source failed', async () => {
    const { app, make, rows } = setUp();
    const token = make('reader');
    const port = await listen(app);
    const reply = await fetch(`http://127.0.0.1:${port}/v1/export?chunks=9&breakAt=4`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(reply.status).toBe(200);
    await expect(reply.text()).rejects.toThrow();
    expect(rows()).toMatchObject([{ outcome: 'failed', rows: 4, bytes: 4 * CHUNK.length }]);
  });

  it('is recorded with its number of bytes even if its rows are not counted', async () => {
    const { ask, make, rows } = setUp();
    expect(await (await ask(make('reader'), '/v1/events')).text()).toBe('event: end\n\n');
    expect(rows()).toMatchObject([{ outcome: 'complete', rows: null, bytes: 12 }]);
  });

  it('does not keep its source open if a client asks only for the headers (HEAD)', async () => {
    const { ask, make, rows, sources } = setUp();
    const reply = await ask(make('reader'), '/v1/export?chunks=3', { method: 'HEAD' });
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'text/csv']);
    expect(rows()).toMatchObject([{ method: 'HEAD', outcome: 'complete', bytes: 0 }]);
    expect(sources).toMatchObject([{ cancelled: true }]);
  });
});

describe('an access log that cannot be written', () => {
  /** Another process locks the file; a full disk would have the same effect. */
  const block = (path: string) => {
    const sqlite = new SQLite(path);
    sqlite.exec('BEGIN IMMEDIATE');
    onTestFinished(() => {
      sqlite.close();
    });
    return () => sqlite.exec('ROLLBACK');
  };

  it('makes the server withhold answers: the caller gets 503 and no data, and the row’s content goes to the server’s log', async () => {
    const { ask, app, make, rows, logged, accessPath, sources } = setUp();
    const token = make('reader', 'auditor');
    const release = block(accessPath);
    for (const path of ['/v1/invocations?limit=1', '/v1/export?chunks=3']) {
      const reply = await ask(token, path);
      expect([reply.status, reply.headers.get('content-type'), reply.headers.get('retry-after')]).toEqual([
        503,
        'application/problem+json',
        '30',
      ]);
      expect(await reply.json()).toMatchObject({ title: 'Not recorded', status: 503 });
    }
    expect(sources).toMatchObject([{ cancelled: true }]);
    const login = await app.request('/login', { method: 'POST', body: new URLSearchParams({ token }) });
    expect([login.status, login.headers.get('set-cookie')]).toEqual([503, null]);
    expect(logged).toMatchObject([
      {
        level: 50,
        requestId: 'id-1',
        err: { code: 'SQLITE_BUSY' },
        record: { caller: 'auditor', path: '/v1/invocations', query: 'limit=1', rows: 50 },
      },
      { level: 50, requestId: 'id-2' },
      { level: 50, requestId: 'id-3' },
    ]);
    expect((await app.request('/healthz')).status).toBe(200);
    // A refusal reveals nothing about the archive, so the refused caller still gets it. While refused attempts cannot
    // be counted in the access log, they are reported in one line of the server's log.
    expect((await ask('wrong', '/v1/invocations')).status).toBe(401);
    release();
    expect((await ask(token, '/v1/invocations')).status).toBe(200);
    expect(rows()).toHaveLength(1);
  });

  it('makes the server withhold answers if the access log is full and no row may be deleted, until its size limit is raised', async () => {
    const { ask, app, make, rows, accessDb, now } = setUp();
    const token = make('reader', 'auditor');
    const { log, logged } = memoryLog();
    const bounds = { days: 400, bytes: 262_144 };
    await boundAccessLog({ accessDb, now, log }, bounds).close();
    const statuses: number[] = [];
    while (!statuses.includes(503) && statuses.length < 100)
      statuses.push((await ask(token, `/v1/invocations?comment=${'x'.repeat(8000)}`)).status);
    expect(statuses.at(-1)).toBe(503);
    expect(rows()).toHaveLength(statuses.length - 1);
    expect((await ask('wrong', '/v1/invocations')).status).toBe(401);
    expect((await app.request('/healthz')).status).toBe(200);
    await boundAccessLog({ accessDb, now, log }, { ...bounds, bytes: 2 * bounds.bytes }).close();
    expect((await ask(token, '/v1/invocations')).status).toBe(200);
    expect(logged).toEqual([]);
  });

  it('does not stop a stream that has begun: the server’s log gets the end of the stream, and the stream’s row stays open', async () => {
    const { ask, make, rows, logged, accessPath } = setUp();
    const reply = await ask(make('reader'), '/v1/export?chunks=2');
    const release = block(accessPath);
    expect((await reply.text()).length).toBe(2 * CHUNK.length);
    release();
    expect(logged).toMatchObject([{ level: 50, accessLogId: 1, outcome: 'complete', bytes: 2 * CHUNK.length }]);
    expect(rows()).toMatchObject([{ outcome: 'open' }]);
  });
});

describe('the id of a request', () => {
  it('is the client’s id if that is safe, else a new one; it is in the reply, the access log and the server’s log', async () => {
    const { ask, make, rows, logged } = setUp();
    const token = make('reader');
    const idOf = async (given?: string) => {
      const headers = given === undefined ? {} : { 'x-request-id': given };
      return (await ask(token, '/v1/invocations', { headers })).headers.get('x-request-id');
    };
    expect(await idOf('0b7d9a52-6d0c-4f4e-9a0f-5a0b7a1c2d3e')).toBe('0b7d9a52-6d0c-4f4e-9a0f-5a0b7a1c2d3e');
    expect(await idOf('Root=1-67891233-abcdef012345678912345678')).toBe('Root=1-67891233-abcdef012345678912345678');
    expect(await idOf()).toBe('id-1');
    for (const insane of ['', 'a b', '"a"', '<script>', 'é', 'x'.repeat(129)])
      expect(await idOf(insane)).toMatch(/^id-\d$/);
    expect(rows().map((row) => row.requestId)).toContain('0b7d9a52-6d0c-4f4e-9a0f-5a0b7a1c2d3e');
    expect(
      (await ask(token, '/v1/fails', { headers: { 'x-request-id': 'failing' } })).headers.get('x-request-id'),
    ).toBe('failing');
    expect(logged).toMatchObject([{ msg: 'It is about to fail.', requestId: 'failing' }]);
    expect((await ask('wrong', '/v1/invocations')).headers.get('x-request-id')).toMatch(/^id-\d$/);
  });
});
