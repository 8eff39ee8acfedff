import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import type { AccessEnv } from '../../src/access/caller.ts';
import { revokeToken } from '../../src/access/tokens/revoke-token.ts';
import { type AuthDeps, createAuth } from '../../src/http/auth/create-auth.ts';
import { guardFetches } from '../../src/http/guards/guard-fetches.ts';
import { limitBodies } from '../../src/http/guards/limit-bodies.ts';
import { safeNext } from '../../src/lib/safe-next.ts';
import { HOUR_MS } from '../../src/lib/time.ts';
import { accessTrial, START } from '../access/access-trial.ts';

const HTML = 'text/html,*/*;q=0.8';
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

function setUp(settings: Partial<AuthDeps> = {}) {
  const trial = accessTrial();
  const auth = createAuth({
    ...trial.deps,
    host: '0.0.0.0',
    isProxyTrusted: false,
    isInsecureAllowed: false,
    ...settings,
  });
  const app = new Hono<AccessEnv>();
  app.use(guardFetches({ corsOrigins: [], publicHosts: [], isProxyTrusted: false, ...settings }));
  app.use(auth.guard);
  app.use(limitBodies());
  app.route('/', auth.routes);
  app.all('/v1/invocations', (c) => c.json({ caller: c.get('caller')?.name }));
  const post = (path: string, body: string, headers: Record<string, string> = FORM) =>
    app.request(path, { method: 'POST', body, headers });
  const login = (token: string, next?: string) =>
    post('/login', new URLSearchParams({ token, ...(next !== undefined && { next }) }).toString());
  /** Logs in, and returns the cookie in the form in which a browser sends it. */
  const cookieOf = async (token: string) => (await login(token)).headers.get('set-cookie')?.split(';')[0] ?? '';
  const ask = (cookie: string, headers: Record<string, string> = {}, method = 'GET') =>
    app.request('/v1/invocations', { method, headers: { cookie, ...headers } });
  return { ...trial, app, post, login, cookieOf, ask };
}

describe('the login page', () => {
  it('is a form with labels and without scripts, and loads nothing from other servers', async () => {
    const { app, make } = setUp();
    make('reader');
    const reply = await app.request('/login?next=/v1/invocations%3Fq%3D"><script>');
    const text = await reply.text();
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toBe('text/html; charset=UTF-8');
    expect(text).toContain('<html lang="en">');
    expect(text).toContain('<label for="token">Token</label>');
    expect(text).toContain('<title>Log in · ssm-archive</title>');
    expect(text).toContain('value="/v1/invocations?q=%22%3E%3Cscript%3E"');
    expect(text).not.toMatch(/<script|javascript:|https?:\/\/|role="alert"/);
    const policy = reply.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/]{43}='; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
    );
    const style = /<style>(.*)<\/style>/s.exec(text)?.[1] ?? '';
    const digest = Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(style))).toString(
      'base64',
    );
    expect(policy).toContain(`'sha256-${digest}'`);
    expect(reply.headers.get('cache-control')).toBe('no-store');
  });

  it('says what was wrong, keeps the address that opens after the login, and never repeats the token', async () => {
    const { login, make } = setUp();
    make('reader');
    const reply = await login('ssm_<b>wrong</b>', '/v1/invocations');
    const text = await reply.text();
    expect(reply.status).toBe(401);
    expect(reply.headers.get('set-cookie')).toBe(null);
    expect(text).toContain('<p class="error" id="error" role="alert">This is not a token of this server.</p>');
    expect(text).toContain('aria-invalid="true" aria-describedby="error"');
    expect(text).toContain('value="/v1/invocations"');
    expect(text).not.toContain('wrong');
    expect(await (await login('')).text()).toContain('role="alert">Give a token.</p>');
  });

  it('is skipped if no token is needed', async () => {
    const { app } = setUp({ host: '127.0.0.1' });
    const reply = await app.request('/login?next=/docs');
    expect([reply.status, reply.headers.get('location')]).toEqual([303, '/docs']);
  });
});

describe('a login', () => {
  it('sets a cookie that no script can read and no other site’s page can send, and redirects to the page that was asked for', async () => {
    const { login, make, ask } = setUp();
    const token = make('reader', 'auditor');
    const reply = await login(` ${token}\n`, '/v1/invocations?status=Failed');
    expect([reply.status, reply.headers.get('location')]).toEqual([303, '/v1/invocations?status=Failed']);
    const cookie = reply.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^ssm_archive_session=ssms_[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(cookie).not.toContain(token.slice(4));
    expect(await (await ask(cookie.split(';')[0] ?? '')).json()).toEqual({ caller: 'auditor' });
  });

  it('with JSON returns the caller’s name and the end of the session, or problem details', async () => {
    const { post, make } = setUp();
    const token = make('sql', 'reports', new Date(Date.parse(START) + HOUR_MS));
    const json = (body: unknown) => post('/login', JSON.stringify(body), { 'content-type': 'application/json' });
    const reply = await json({ token });
    expect(reply.status).toBe(200);
    expect(await reply.json()).toEqual({ name: 'reports', role: 'sql', expiresAt: '2026-03-01T10:30:00.000Z' });
    expect(reply.headers.get('set-cookie')).toContain('Max-Age=3600;');
    for (const body of [{}, { token: 7 }, { token: 'x' }, null]) {
      const refused = await json(body);
      expect([refused.status, refused.headers.get('content-type')]).toEqual([401, 'application/problem+json']);
    }
    expect((await post('/login', '{', { 'content-type': 'application/json' })).status).toBe(401);
    expect((await post('/login', 'x', { 'content-type': 'multipart/form-data' })).status).toBe(401);
    expect((await json({ token: 'x'.repeat(9000) })).status).toBe(413);
  });

  it.each([
    [true, 'https', true],
    [true, 'http', false],
    [false, 'https', false],
  ])('makes the cookie Secure only if a trusted proxy says https (%s, %s)', async (isProxyTrusted, proto, isSecure) => {
    const { post, make } = setUp({ isProxyTrusted });
    const reply = await post('/login', `token=${make('reader')}`, { ...FORM, 'x-forwarded-proto': proto });
    expect(/; Secure/.test(reply.headers.get('set-cookie') ?? '')).toBe(isSecure);
  });

  it('is refused from a page of another site', async () => {
    const { post, make } = setUp();
    const body = `token=${make('reader')}`;
    const cross = await post('/login', body, { ...FORM, 'sec-fetch-site': 'cross-site' });
    expect([cross.status, cross.headers.get('set-cookie')]).toEqual([403, null]);
    expect((await post('/logout', '', { origin: 'https://evil.example', host: 'archive.internal' })).status).toBe(403);
    expect((await post('/login', body, { ...FORM, 'sec-fetch-site': 'same-origin' })).status).toBe(303);
  });

  it.each([
    ['/docs', '/docs'],
    ['/v1/invocations?q=a%20b#top', '/v1/invocations?q=a%20b#top'],
    ['/a/../b', '/b'],
    [undefined, '/'],
    ['', '/'],
    ['docs', '/'],
    ['https://evil.example', '/'],
    ['//evil.example', '/'],
    ['/\\evil.example', '/'],
    ['/\t/evil.example', '/'],
    ['/\n/evil.example', '/'],
    ['\\\\evil.example', '/'],
    ['/.//evil.example', '/'],
    ['/a/..//evil.example', '/'],
    ['///evil.example', '/'],
    ['javascript:alert(1)', '/'],
    ['/\r\nset-cookie: a=b', '/set-cookie:%20a=b'],
  ])('redirects only to a path of this server: %j', async (next, expected) => {
    expect(safeNext(next)).toBe(expected);
    expect(new URL(expected, 'https://archive.internal').host).toBe('archive.internal');
    const { login, make } = setUp();
    expect((await login(make('reader'), next)).headers.get('location')).toBe(expected);
  });
});

describe('a session', () => {
  it('ends at once when its token ends, and the browser is told to delete the cookie', async () => {
    const { make, cookieOf, ask, deps, pass } = setUp();
    const revoked = await cookieOf(make('reader', 'a'));
    const expired = await cookieOf(make('reader', 'b', new Date(Date.parse(START) + HOUR_MS)));
    expect([(await ask(revoked)).status, (await ask(expired)).status]).toEqual([200, 200]);
    revokeToken(deps, 'a');
    pass(HOUR_MS);
    for (const cookie of [revoked, expired]) {
      const reply = await ask(cookie);
      expect(reply.status).toBe(401);
      expect(reply.headers.get('set-cookie')).toMatch(
        /^ssm_archive_session=; Max-Age=0; Path=\/; HttpOnly; SameSite=Strict$/,
      );
    }
    const page = await ask(revoked, { accept: HTML });
    expect([page.status, page.headers.get('location')]).toEqual([303, '/login?next=%2Fv1%2Finvocations']);
  });

  it('ends at a logout for everybody who has its cookie', async () => {
    const { make, cookieOf, ask, app } = setUp();
    const cookie = await cookieOf(make('reader'));
    const reply = await app.request('/logout', { method: 'POST', headers: { cookie, accept: HTML } });
    expect([reply.status, reply.headers.get('location')]).toEqual([303, '/login']);
    expect(reply.headers.get('set-cookie')).toContain('Max-Age=0');
    expect((await ask(cookie)).status).toBe(401);
    expect((await app.request('/logout', { method: 'POST' })).status).toBe(204);
    expect((await app.request('/logout')).status).toBe(404);
  });

  it('cannot be used by a page of another site, except together with a bearer token', async () => {
    const { make, cookieOf, ask } = setUp();
    const token = make('operator');
    const cookie = await cookieOf(token);
    const cross = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
    expect((await ask(cookie, cross, 'POST')).status).toBe(403);
    expect((await ask(cookie, { 'sec-fetch-site': 'same-origin' }, 'POST')).status).toBe(200);
    expect((await ask(cookie, cross, 'GET')).status).toBe(403);
    expect((await ask(cookie, { ...cross, authorization: `Bearer ${token}` }, 'POST')).status).toBe(200);
  });

  it('is ignored if the request has a bearer token, even a wrong one', async () => {
    const { make, cookieOf, ask } = setUp();
    const cookie = await cookieOf(make('reader', 'a'));
    const other = make('reader', 'b');
    expect(await (await ask(cookie, { authorization: `Bearer ${other}` })).json()).toEqual({ caller: 'b' });
    expect((await ask(cookie, { authorization: 'Bearer wrong' })).status).toBe(401);
  });

  it('cannot be used as a bearer token, and a token cannot be used as a cookie', async () => {
    const { make, cookieOf, ask } = setUp();
    const token = make('reader');
    const cookie = await cookieOf(token);
    expect((await ask('', { authorization: `Bearer ${cookie.split('=')[1]}` })).status).toBe(401);
    expect((await ask(`ssm_archive_session=${token}`)).status).toBe(401);
  });
});
