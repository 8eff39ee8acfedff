import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import type { AccessEnv } from '../../src/access/caller.ts';
import { createToken } from '../../src/access/tokens/create-token.ts';
import { revokeToken } from '../../src/access/tokens/revoke-token.ts';
import { assertSafeToServe } from '../../src/http/auth/assert-safe-to-serve.ts';
import { type AuthDeps, createAuth } from '../../src/http/auth/create-auth.ts';
import { isLoopback } from '../../src/http/auth/is-loopback.ts';
import { requireRole } from '../../src/http/auth/require-role.ts';
import { guardFetches } from '../../src/http/guards/guard-fetches.ts';
import { UserFault } from '../../src/lib/errors/user-fault.ts';
import { HOUR_MS } from '../../src/lib/time.ts';
import { accessTrial, START } from '../access/access-trial.ts';
import { memoryLog } from '../memory-log.ts';

/** A server whose routes return who the caller is. */
function setUp(settings: Partial<AuthDeps> = {}) {
  const trial = accessTrial();
  const auth = createAuth({
    ...trial.deps,
    host: '127.0.0.1',
    isProxyTrusted: false,
    isInsecureAllowed: false,
    ...settings,
  });
  const app = new Hono<AccessEnv>();
  app.use(guardFetches({ corsOrigins: [], publicHosts: [], isProxyTrusted: false, ...settings }));
  app.use(auth.guard);
  app.route('/', auth.routes);
  app.use('/v1/sql', requireRole('sql'));
  app.use('/v1/access-log', requireRole('operator'));
  for (const path of [
    '/healthz',
    '/readyz',
    '/docs',
    '/openapi.json',
    '/metrics',
    '/v1/invocations',
    '/v1/sql',
    '/v1/access-log',
  ])
    app.all(path, (c) => c.json({ caller: c.get('caller') ?? null }));
  const get = (path: string, headers: Record<string, string> = {}) => app.request(path, { headers });
  const as = (token: string, path = '/v1/invocations') => get(path, { authorization: `Bearer ${token}` });
  return { ...trial, app, get, as };
}

const LOCAL = { caller: { name: 'local', role: 'operator', tokenId: null } };

describe('on a loopback address', () => {
  it('no token is needed while none exists: the caller is "local", an operator', async () => {
    const { get } = setUp();
    for (const path of ['/v1/invocations', '/v1/sql', '/v1/access-log', '/docs']) {
      const reply = await get(path);
      expect([reply.status, await reply.json()]).toEqual([200, LOCAL]);
    }
  });

  it('tokens are needed as soon as the first is made, for everything except health and the login', async () => {
    const { get, make } = setUp();
    expect((await get('/v1/invocations')).status).toBe(200);
    make('reader');
    for (const path of [
      '/v1/invocations',
      '/v1/sql',
      '/docs',
      '/openapi.json',
      '/metrics',
      '/nowhere',
      '/healthz/',
      '/login/x',
    ])
      expect((await get(path)).status, path).toBe(401);
    for (const path of ['/healthz', '/readyz', '/login']) expect((await get(path)).status, path).toBe(200);
  });

  it('a token is still needed after all tokens have expired or were revoked', async () => {
    const { get, make, deps, pass } = setUp();
    make('reader', 'a', new Date(Date.parse(START) + HOUR_MS));
    make('reader', 'b');
    revokeToken(deps, 'b');
    pass(HOUR_MS);
    expect((await get('/v1/invocations')).status).toBe(401);
  });
});

describe('a caller', () => {
  it('is identified by a bearer token, with "Bearer" in upper or lower case', async () => {
    const { get, make } = setUp({ host: '0.0.0.0' });
    const token = make('sql', 'reports');
    for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
      const reply = await get('/v1/sql', { authorization: `${scheme} ${token}` });
      expect([reply.status, await reply.json()]).toEqual([
        200,
        { caller: { name: 'reports', role: 'sql', tokenId: token.slice(0, 12) } },
      ]);
    }
  });

  it('gets 401 as problem details without a token, and is told what to send', async () => {
    const { get, make } = setUp({ host: '0.0.0.0' });
    make('reader');
    for (const authorization of ['', 'Bearer', 'Bearer ', 'Basic YTpi', 'AWS4-HMAC-SHA256 Credential=a']) {
      const reply = await get('/v1/invocations', { authorization });
      expect(reply.status).toBe(401);
      expect(reply.headers.get('www-authenticate')).toBe('Bearer realm="ssm-archive"');
      expect(reply.headers.get('content-type')).toBe('application/problem+json');
      expect(await reply.json()).toEqual({
        type: 'about:blank',
        title: 'Token needed',
        status: 401,
        detail:
          'Send "Authorization: Bearer <token>", or log in at /login. "ssm-archive token create" makes a token on the server.',
      });
    }
  });

  it('gets 401 for a token that is not accepted, and is told why, except for a token that never existed', async () => {
    const { as, make, deps, pass } = setUp({ host: '0.0.0.0' });
    const live = make('reader', 'live');
    const revoked = make('reader', 'gone');
    const expired = make('reader', 'old', new Date(Date.parse(START) + 1));
    revokeToken(deps, 'gone');
    pass(1);
    const said = async (token: string) => {
      const reply = await as(token);
      expect(reply.headers.get('www-authenticate')).toBe('Bearer realm="ssm-archive", error="invalid_token"');
      return [reply.status, ((await reply.json()) as { detail: string }).detail];
    };
    expect(await said(revoked)).toEqual([401, expect.stringContaining(`The token "gone" was revoked at ${START}.`)]);
    expect(await said(expired)).toEqual([
      401,
      expect.stringContaining('The token "old" expired at 2026-03-01T09:30:00.001Z.'),
    ]);
    for (const guess of ['x', `ssm_${'a'.repeat(43)}`, `${live.slice(0, 40)}aaaaaaa`, `${revoked.slice(0, 40)}aaaaaaa`])
      expect(await said(guess)).toEqual([401, 'This is not a token of this server.']);
    expect((await as(live)).status).toBe(200);
  });

  it('gets 403 without the role, and is told which role it needs', async () => {
    const { as, make } = setUp({ host: '0.0.0.0' });
    const statuses = await Promise.all(
      (['reader', 'sql', 'operator'] as const).map(async (role) => {
        const token = make(role);
        return Promise.all(
          ['/v1/invocations', '/v1/sql', '/v1/access-log'].map(async (path) => (await as(token, path)).status),
        );
      }),
    );
    expect(statuses).toEqual([
      [200, 403, 403],
      [200, 200, 403],
      [200, 200, 200],
    ]);
    const reply = await as(make('reader', 'curious'), '/v1/access-log');
    expect(reply.headers.get('www-authenticate')).toBe(
      'Bearer realm="ssm-archive", error="insufficient_scope", scope="operator"',
    );
    expect(await reply.json()).toMatchObject({
      status: 403,
      detail: expect.stringContaining('This needs the role "operator", but the token "curious" has the role "reader".'),
    });
  });

  it('gets 401 if a route requires a role but the check of tokens was left out', async () => {
    const app = new Hono<AccessEnv>();
    app.use(requireRole('reader'));
    app.get('/', (c) => c.text('let in'));
    expect((await app.request('/')).status).toBe(401);
  });

  it('in a browser is redirected to the login, which then returns to the page', async () => {
    const { get, make } = setUp({ host: '0.0.0.0' });
    make('reader');
    const accept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
    const reply = await get('/v1/invocations?status=Failed&q=a%20b', { accept });
    expect([reply.status, reply.headers.get('location')]).toEqual([
      303,
      '/login?next=%2Fv1%2Finvocations%3Fstatus%3DFailed%26q%3Da%2520b',
    ]);
  });
});

describe('a page of another site', () => {
  const from = (headers: Record<string, string>) => ({
    method: 'POST',
    headers: { host: 'localhost:8420', ...headers },
  });

  it.each<[string, Record<string, string>, number]>([
    ['a script or curl, which send neither header', {}, 200],
    ['a page of this server', { 'sec-fetch-site': 'same-origin', origin: 'http://localhost:8420' }, 200],
    ['an address that a person typed', { 'sec-fetch-site': 'none' }, 200],
    ['a page of this server in an old browser', { origin: 'http://localhost:8420' }, 200],
    ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }, 403],
    ['another port of this machine', { 'sec-fetch-site': 'same-site', origin: 'http://localhost:3000' }, 403],
    ['another site in an old browser', { origin: 'https://evil.example' }, 403],
    ['another port of this machine in an old browser', { origin: 'http://localhost:3000' }, 403],
    ['a page without an origin', { origin: 'null' }, 403],
    ['a port that begins with the digits of this server’s port', { origin: 'http://localhost:84200' }, 403],
  ])('gets no answer if no token is needed, unlike other callers: %s', async (_who, headers, status) => {
    const { app } = setUp();
    expect((await app.request('/v1/invocations', from(headers))).status).toBe(status);
  });

  it('gets no answer even to a reading request, because the time that an answer takes can reveal its content', async () => {
    const { get, make } = setUp();
    const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
    expect((await get('/v1/invocations', headers)).status).toBe(403);
    make('reader');
    expect((await get('/v1/invocations', headers)).status).toBe(403);
  });

  it.each<[string, number]>([
    ['localhost:8420', 200],
    ['LOCALHOST', 200],
    ['127.0.0.1:8420', 200],
    ['127.1.2.3', 200],
    ['[::1]:8420', 200],
    ['evil.example:8420', 403],
    ['localhost.evil.example', 403],
    ['127.0.0.1.evil.example', 403],
    ['192.168.0.1', 403],
    ['a b', 403],
    ['archive.example.com', 200],
    ['archive.example.com:9000', 200],
    ['ARCHIVE.internal:1', 200],
    ['localhost:9000', 200],
    ['[::2]', 403],
    ['example.com', 403],
  ])(
    'gets an answer without a token only if the Host of its request names this server: Host %s',
    async (host, status) => {
      const { get, make } = setUp({ publicHosts: ['archive.example.com', 'archive.internal:8420'] });
      const reply = await get('/v1/invocations', { host });
      expect(reply.status).toBe(status);
      for (const path of ['/healthz', '/readyz']) expect((await get(path, { host })).status).toBe(200);
      const token = make('reader');
      expect((await get('/v1/invocations', { host, authorization: `Bearer ${token}` })).status).toBe(200);
    },
  );

  it('may use any Host if --insecure-no-auth is given for another address, and still cannot change anything', async () => {
    const { app, get } = setUp({ host: '0.0.0.0', isInsecureAllowed: true });
    expect(await (await get('/v1/invocations', { host: 'archive.internal' })).json()).toEqual(LOCAL);
    expect((await app.request('/v1/invocations', from({ origin: 'https://evil.example' }))).status).toBe(403);
  });
});

describe('--insecure-no-auth', () => {
  it('has no effect as soon as there are tokens', async () => {
    const { get, as, make } = setUp({ host: '0.0.0.0', isInsecureAllowed: true });
    const token = make('reader');
    expect((await get('/v1/invocations')).status).toBe(401);
    expect((await as(token)).status).toBe(200);
  });

  it('is the only way to need no token on an address other than loopback', async () => {
    const { get } = setUp({ host: '0.0.0.0' });
    expect((await get('/v1/invocations')).status).toBe(401);
  });
});

describe('serve', () => {
  const start = (trial: ReturnType<typeof accessTrial>, host: string, isInsecureAllowed = false) => {
    const { log, logged } = memoryLog();
    assertSafeToServe({ ...trial.deps, log, host, isInsecureAllowed });
    return logged;
  };

  it('refuses an address other than loopback if there is no valid token, with exit code 2, and says how to make one', () => {
    const trial = accessTrial();
    const fault = (message: string) => expect.objectContaining({ exitCode: 2, message });
    expect(() => start(trial, '0.0.0.0')).toThrow(
      fault(
        'Others can reach 0.0.0.0, and there is no token yet to keep them out. Make one with "ssm-archive token create --name me --role operator", or set SSM_ARCHIVE_TOKEN_FILE to a file with the secret of the first token, or listen on 127.0.0.1 (--host or SSM_ARCHIVE_HOST). To serve everyone without a token: --insecure-no-auth.',
      ),
    );
    expect(() => start(trial, '0.0.0.0')).toThrow(UserFault);
    const { token } = createToken(trial.deps, { name: 'a', role: 'reader', expiresAt: undefined });
    expect(start(trial, '0.0.0.0')).toEqual([]);
    revokeToken(trial.deps, token);
    // Neither a token file nor --insecure-no-auth would help now: both are for servers that never had a token.
    expect(() => start(trial, '0.0.0.0')).toThrow(
      fault(
        'Others can reach 0.0.0.0, and every token has expired or was revoked. Make another token with "ssm-archive token create --name me --role operator", or listen on 127.0.0.1 (--host or SSM_ARCHIVE_HOST).',
      ),
    );
    expect(start(trial, '127.0.0.1')).toEqual([]);
  });

  it('logs --insecure-no-auth each time it is given', () => {
    const trial = accessTrial();
    const warning = {
      level: 40,
      host: '::',
      isOpen: true,
      msg: expect.stringContaining('--insecure-no-auth: until a token is made, everyone who can reach :: can read'),
    };
    expect(start(trial, '::', true)).toMatchObject([warning]);
    expect(start(trial, '::', true)).toMatchObject([warning]);
    expect(start(trial, '127.0.0.1', true)).toMatchObject([{ level: 40 }]);
    trial.make('reader');
    expect(start(trial, '::', true)).toMatchObject([{ isOpen: false, msg: expect.stringContaining('has no effect') }]);
  });

  it.each([
    ['127.0.0.1', true],
    ['127.255.0.9', true],
    ['::1', true],
    ['0:0:0:0:0:0:0:1', true],
    ['::ffff:127.0.0.1', true],
    ['localhost', true],
    ['Localhost', true],
    ['0.0.0.0', false],
    ['::', false],
    ['128.0.0.1', false],
    ['10.0.0.1', false],
    ['::ffff:10.0.0.1', false],
    ['::2', false],
    ['fe80::1', false],
    ['localhost.example', false],
    ['archive.internal', false],
    ['127.1', false],
    ['', false],
  ])('knows which addresses only this machine can reach: %s', (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
  });
});
