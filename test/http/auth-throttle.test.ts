import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AccessEnv } from '../../src/access/caller.ts';
import { revokeToken } from '../../src/access/tokens/revoke-token.ts';
import { addressBlock } from '../../src/http/auth/address-block.ts';
import { createAuth } from '../../src/http/auth/create-auth.ts';
import { createThrottle } from '../../src/http/auth/create-throttle.ts';
import { MINUTE_MS, SECOND_MS } from '../../src/lib/time.ts';
import { accessTrial } from '../access/access-trial.ts';

function createClock() {
  let nowMs = 0;
  return {
    now: () => new Date(nowMs),
    pass(ms: number) {
      nowMs += ms;
    },
  };
}

describe('an address that tries wrong secrets', () => {
  it('may try five times without a wait; then each wrong try doubles the wait, from one second to at most five minutes', () => {
    const { now, pass } = createClock();
    const throttle = createThrottle({ now });
    const waits: number[] = [];
    for (let i = 0; i < 16; i++) {
      throttle.failed('192.0.2.1');
      const wait = throttle.waitMs('192.0.2.1', 'guess');
      waits.push(wait / SECOND_MS);
      pass(wait);
      expect(throttle.waitMs('192.0.2.1', 'guess')).toBe(0);
    }
    expect(waits).toEqual([0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
  });

  it('may try again without a wait half an hour after its last wrong try', () => {
    const { now, pass } = createClock();
    const throttle = createThrottle({ now });
    for (let i = 0; i < 20; i++) throttle.failed('192.0.2.1');
    pass(30 * MINUTE_MS - 1);
    throttle.failed('192.0.2.1');
    expect(throttle.waitMs('192.0.2.1', 'guess')).toBe(300 * SECOND_MS);
    pass(30 * MINUTE_MS);
    throttle.failed('192.0.2.1');
    expect(throttle.waitMs('192.0.2.1', 'guess')).toBe(0);
  });

  it('makes no other address wait, except those in its own IPv6 network', () => {
    const throttle = createThrottle(createClock());
    const addresses = ['2001:db8:1:2::1', '192.0.2.1'];
    for (const address of addresses) for (let i = 0; i < 9; i++) throttle.failed(address);
    const isSlowed = (address: string) => throttle.waitMs(address, 'guess') > 0;
    expect([...addresses, '2001:db8:1:2:ffff:1:2:3', '2001:db8:1:2::', '2001:db8:1:2::9%eth0'].map(isSlowed)).toEqual(
      Array(5).fill(true),
    );
    expect(['2001:db8:1:3::1', '2001:db8:1::2', '::1', '192.0.2.2', 'unknown'].map(isSlowed)).toEqual(
      Array(5).fill(false),
    );
  });

  it('is counted together with its IPv6 network, however the address is written', () => {
    const blocks = [
      ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
      ['2001:0DB8:0001:0002:0:0:0:9', '2001:db8:1:2::/64'],
      ['2001:db8::', '2001:db8:0:0::/64'],
      ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
      ['fe80::1%eth0', 'fe80:0:0:0::/64'],
      ['192.0.2.1', '192.0.2.1'],
      ['unknown', 'unknown'],
    ];
    expect(blocks.map(([address = '']) => addressBlock(address))).toEqual(blocks.map(([, block]) => block));
  });

  it('does not slow a caller that has already used a correct secret from the same address', () => {
    const throttle = createThrottle(createClock());
    throttle.succeeded('192.0.2.1', 'right');
    for (let i = 0; i < 9; i++) throttle.failed('192.0.2.1');
    const waits = [
      ['192.0.2.1', 'right'],
      ['192.0.2.1', 'other'],
    ].map(([address = '', secret = '']) => throttle.waitMs(address, secret));
    expect(waits).toEqual([0, 16_000]);
  });

  it('is forgotten if there are more addresses than the limit, the oldest address first', () => {
    const throttle = createThrottle({ ...createClock(), mostKept: 3 });
    const fail = (address: string) => {
      for (let i = 0; i < 9; i++) throttle.failed(address);
    };
    for (const address of ['a', 'b', 'c', 'a', 'd']) fail(address);
    const isKept = (address: string) => throttle.waitMs(address, 'guess') > 0;
    expect(['a', 'b', 'c', 'd'].map(isKept)).toEqual([true, false, true, true]);
    for (const secret of ['1', '2', '3', '4']) throttle.succeeded('a', secret);
    expect(['1', '2', '3', '4'].map((secret) => throttle.waitMs('a', secret) > 0)).toEqual([true, false, false, false]);
  });
});

/** A real server that trusts its proxy, so that a test can come from any address. */
async function startServer(isProxyTrusted: boolean) {
  const trial = accessTrial();
  const auth = createAuth({ ...trial.deps, host: '0.0.0.0', isProxyTrusted, isInsecureAllowed: false });
  const app = new Hono<AccessEnv>();
  app.use(auth.guard);
  app.route('/', auth.routes);
  app.get('/v1/invocations', (c) => c.json({}));
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 });
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The server has no address.');
  const ask = (token: string, from = '192.0.2.1') =>
    fetch(`http://127.0.0.1:${address.port}/v1/invocations`, {
      headers: { authorization: `Bearer ${token}`, 'x-forwarded-for': `203.0.113.9, ${from}`, connection: 'close' },
    });
  const login = (token: string, from = '192.0.2.1') =>
    fetch(`http://127.0.0.1:${address.port}/login`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ token }),
      headers: { 'x-forwarded-for': from, connection: 'close' },
    });
  const askAs = (cookie: string, from = '192.0.2.1') =>
    fetch(`http://127.0.0.1:${address.port}/v1/invocations`, {
      headers: { cookie, 'x-forwarded-for': from, connection: 'close' },
    });
  return { ...trial, ask, login, askAs };
}

const cookieOf = (reply: Response) => reply.headers.get('set-cookie')?.split(';')[0] ?? '';

describe('a server', () => {
  it('answers 429 with Retry-After to an address that guesses, and answers others as usual', async () => {
    const { ask, login, make, pass } = await startServer(true);
    const honest = make('reader', 'honest');
    const neighbour = make('reader', 'neighbour');
    expect((await ask(honest)).status).toBe(200);
    const statuses: number[] = [];
    for (let i = 0; i < 6; i++) statuses.push((await (i % 2 ? ask('wrong') : login('wrong'))).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    const slowed = await ask(neighbour);
    expect([slowed.status, slowed.headers.get('retry-after')]).toEqual([429, '1']);
    expect(await slowed.json()).toMatchObject({ status: 429, detail: expect.stringContaining('Try again in 1 s.') });
    const page = await login(neighbour);
    expect([page.status, page.headers.get('retry-after'), page.headers.get('set-cookie')]).toEqual([429, '1', null]);
    expect(await page.text()).toContain('Too many wrong tokens. Try again in 1 seconds.');
    expect((await ask(honest)).status).toBe(200);
    expect((await ask(neighbour, '192.0.2.2')).status).toBe(200);
    pass(SECOND_MS);
    expect((await ask(neighbour)).status).toBe(200);
    expect((await ask('wrong')).status).toBe(401);
    expect((await ask('wrong')).headers.get('retry-after')).toBe('2');
  });

  it('still accepts a secret that the same address has already used correctly, and sessions that began with such a secret', async () => {
    const { ask, login, askAs, make } = await startServer(true);
    const [honest, other] = [make('reader', 'honest'), make('reader', 'other')];
    const early = cookieOf(await login(other));
    expect((await ask(honest)).status).toBe(200);
    for (let i = 0; i < 9; i++) await ask('wrong');
    const reply = await login(honest);
    expect(reply.status).toBe(303);
    const cookie = cookieOf(reply);
    expect(cookie).toContain('ssm_archive_session=ssms_');
    for (let i = 0; i < 3; i++) expect((await askAs(cookie)).status).toBe(200);
    // This session was made before the wait, and was not used until now.
    expect((await askAs(early)).status).toBe(200);
    // This secret has never been used from the other address, where somebody also guesses.
    for (let i = 0; i < 9; i++) await ask('wrong', '192.0.2.2');
    expect((await askAs(cookie, '192.0.2.2')).status).toBe(429);
    expect((await ask(make('reader', 'new'))).status).toBe(429);
  });

  it('counts neither a revoked token nor a missing token as a guess', async () => {
    const { ask, make, deps } = await startServer(true);
    const revoked = make('reader', 'gone');
    revokeToken(deps, 'gone');
    for (let i = 0; i < 12; i++) expect((await ask(revoked)).status).toBe(401);
    for (let i = 0; i < 12; i++) expect((await ask('')).status).toBe(401);
    expect((await ask(make('reader'))).status).toBe(200);
  });

  it('believes X-Forwarded-For only from a trusted proxy: otherwise all requests share one address', async () => {
    const { ask, make } = await startServer(false);
    const token = make('reader');
    for (let i = 0; i < 5; i++) await ask('wrong', `192.0.2.${i}`);
    expect((await ask(token, '198.51.100.1')).status).toBe(429);
  });
});
