import { randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import SQLite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openAuthDb } from '../../src/access/open-auth-db.ts';
import { createAccessKey } from '../../src/access/tokens/create-access-key.ts';
import { createToken } from '../../src/access/tokens/create-token.ts';
import { revokeToken } from '../../src/access/tokens/revoke-token.ts';
import { startSetting } from '../end-to-end/run-cli.ts';
import { signedRequest } from '../http/aws/signed-request.ts';
import { startServer } from './start-server.ts';

const AT_ONCE = 20;
/** The number of attempts: more at the route that accepts the longest bodies than at every other route. */
const attemptsOf = ({ path, body }: Asked) => (body !== undefined && /^\/(\?|$)/.test(path) ? 200 : 60);
/** How many bytes all attempts of one stranger may add to the disk: some pages, for two rows and their indexes. */
const MOST_BYTES = 96 * 1024;
/** A text in everything that a stranger sends; it must not be on the disk. */
const MARK = 'planted-by-a-stranger';
const long = (bytes: number) => MARK.repeat(Math.ceil(bytes / MARK.length)).slice(0, bytes);

interface Asked {
  path: string;
  headers: Record<string, string>;
  /** If there is a body, the request is a POST. */
  body?: string;
}
type Known = { gone: string; accessKeyId: string };
type Surface = [how: string, statuses: number[], route: string | undefined, asked: (known: Known) => Asked];

const json = { 'content-type': 'application/json' };
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const bearer = (text: string) => ({ authorization: `Bearer ${text}` });
const session = (text: string) => ({ cookie: `ssm_archive_session=${text}` });
const scope = (id: string) => `${id}/20260301/eu-west-1/ssm/aws4_request`;
const aws = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AmazonSSM.ListCommandInvocations' };
const signature = (id: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=${scope(id)}, SignedHeaders=host;x-amz-date, Signature=0123`,
  'x-amz-date': '20260301T093000Z',
});
const input = JSON.stringify({ CommandId: long(250_000) });
const PRESIGNED = new URLSearchParams({
  'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
  'X-Amz-Credential': scope(MARK),
  'X-Amz-Date': MARK,
  'X-Amz-SignedHeaders': 'host',
  'X-Amz-Signature': long(12_000),
});

/**
 * Each way in which somebody without a valid token can send a lot, the answers that are allowed, and the route that the
 * access log keeps.
 */
const SURFACES: Surface[] = [
  [
    'an unknown access key, 250 kB',
    [400],
    '/',
    () => ({ path: '/', headers: { ...aws, ...signature(MARK) }, body: input }),
  ],
  [
    'an access key of 14 kB',
    [400],
    '/',
    () => ({ path: '/', headers: { ...aws, ...signature(long(14_000)) }, body: '{}' }),
  ],
  ['presigned by an unknown key', [400], '/', () => ({ path: `/?${PRESIGNED}`, headers: aws, body: input })],
  [
    'STS, an unknown access key, 250 kB',
    [400, 403],
    '/',
    () => ({
      path: '/',
      headers: { ...form, ...signature(MARK) },
      body: new URLSearchParams({ Action: 'GetCallerIdentity', Version: long(240_000) }).toString(),
    }),
  ],
  [
    'a bearer token of 15 kB',
    [401, 429],
    '/v1/invocations',
    () => ({ path: '/v1/invocations', headers: bearer(long(15_000)) }),
  ],
  ['a path of 15 kB', [401, 429], 'none', () => ({ path: `/v1/${long(15_000)}`, headers: bearer(MARK) })],
  [
    'a query of 15 kB',
    [401, 429],
    '/v1/sql',
    () => ({ path: `/v1/sql?token=ssm_${long(15_000)}`, headers: bearer(MARK) }),
  ],
  ['a token in a query alone', [401], undefined, () => ({ path: `/v1/runs?token=ssm_${long(15_000)}`, headers: {} })],
  [
    'a user agent of 15 kB, and an id',
    [401, 429],
    '/v1/runs',
    () => ({ path: '/v1/runs', headers: { ...bearer(MARK), 'user-agent': long(14_000), 'x-request-id': MARK } }),
  ],
  [
    'a body of 250 kB to SQL',
    [401, 429],
    '/v1/sql',
    () => ({ path: '/v1/sql', headers: { ...json, ...bearer(MARK) }, body: JSON.stringify({ sql: long(250_000) }) }),
  ],
  ['a cookie of 15 kB', [401, 429], '/', () => ({ path: '/', headers: session(`ssms_${long(15_000)}`) })],
  [
    'a cookie of 15 kB, in a browser',
    [303, 429],
    '/nodes',
    () => ({ path: '/nodes', headers: { ...session(long(15_000)), accept: 'text/html' } }),
  ],
  [
    'a login by form',
    [401, 429],
    '/login',
    () => ({
      path: `/login?${MARK}`,
      headers: { ...form, 'user-agent': long(14_000) },
      body: new URLSearchParams({ token: long(7000), next: `/${MARK}` }).toString(),
    }),
  ],
  [
    'a login by JSON',
    [401, 429],
    '/login',
    () => ({
      path: '/login',
      headers: { ...json, 'user-agent': long(14_000) },
      body: JSON.stringify({ token: long(7000) }),
    }),
  ],
  [
    'a logout without a session',
    [204],
    '/logout',
    () => ({ path: `/logout?${MARK}`, headers: { ...session(long(7000)), 'user-agent': long(7000) }, body: '' }),
  ],
  ['figures', [401, 429], '/metrics', () => ({ path: `/metrics?${long(14_000)}`, headers: bearer(MARK) })],
  ['the pages of the docs', [401, 429], '/docs', () => ({ path: `/docs?${long(14_000)}`, headers: bearer(MARK) })],
  [
    'a token that was revoked',
    [401],
    '/v1/runs',
    ({ gone }) => ({
      path: `/v1/runs?comment=${long(7000)}`,
      headers: { ...bearer(gone), 'user-agent': long(7000) },
    }),
  ],
];

/** Starts a server that needs tokens, and returns functions that ask it and read the files of its access log. */
async function setUp() {
  const setting = await startSetting({ invocations: 20 });
  const authDb = openAuthDb(`${setting.archive}.auth`);
  const deps = { authDb, now: () => new Date(), random: randomBytes };
  const token = (name: string) => createToken(deps, { name, role: 'operator', expiresAt: undefined }).token;
  const [honest, gone] = [token('honest'), token('gone')];
  revokeToken(deps, 'gone');
  const { accessKeyId } = createAccessKey(deps, {
    ...{ name: 'key', role: 'reader', expiresAt: undefined, accounts: undefined, regions: undefined },
  });
  authDb.close();
  const server = await startServer(setting, undefined, { config: { trustProxy: true } });
  const path = `${setting.archive}.access`;
  const files = [path, `${path}-wal`];
  return {
    ...{ url: server.url, logged: server.logged, known: { gone, accessKeyId }, stop: server.stop },
    askHonestly: (asked: string, from: string) =>
      fetch(`${server.url}${asked}`, { headers: { ...bearer(honest), 'x-forwarded-for': from } }),
    bytes: () => files.map((file) => statSync(file, { throwIfNoEntry: false })?.size ?? 0).reduce((a, b) => a + b),
    content: () => Buffer.concat(files.map((file) => readFileSync(file))),
    /** Returns the rows of the access log for requests from this address. */
    rows(from: string) {
      const sqlite = new SQLite(path, { readonly: true });
      const rows = sqlite
        .prepare<[string], Record<string, unknown>>('SELECT * FROM requests WHERE remote_address = ? ORDER BY id')
        .all(from);
      sqlite.close();
      return rows;
    },
  };
}

describe('strangers who send a lot', () => {
  it('leave one row a minute on the disk and none of their text, at any route, and other callers still get answers', async () => {
    const server = await setUp();
    const { url, known } = server;

    /** Sends all attempts from one address, and returns by how many bytes the disk use grew. */
    async function attack(asked: Asked, from: string, statuses: number[], how: string) {
      const { path, headers, body } = asked;
      const attempts = attemptsOf(asked);
      const before = server.bytes();
      const init = body === undefined ? {} : { method: 'POST', body };
      const ask = () =>
        fetch(url + path, { ...init, redirect: 'manual', headers: { ...headers, 'x-forwarded-for': from } });
      for (let n = 0; n < attempts; n += AT_ONCE) {
        for (const reply of await Promise.all(Array.from({ length: AT_ONCE }, ask))) {
          expect.soft(statuses, how).toContain(reply.status);
          await reply.arrayBuffer();
        }
      }
      return server.bytes() - before;
    }

    for (const [i, [how, statuses, , asked]] of SURFACES.entries()) {
      const from = `192.0.2.${i}`;
      expect((await server.askHonestly('/v1/runs', from)).status).toBe(200);
      expect.soft(await attack(asked(known), from, statuses, how), how).toBeLessThan(MOST_BYTES);
      expect.soft((await server.askHonestly('/v1/runs?limit=7', from)).status, how).toBe(200);
    }
    const wrong = { accessKeyId: known.accessKeyId, secretAccessKey: MARK, date: new Date(), body: input };
    const request = await signedRequest({ ...wrong, headers: { host: new URL(url).host } });
    const guess = { path: '/', headers: Object.fromEntries(request.headers), body: input };
    expect.soft(await attack(guess, '192.0.2.200', [400], 'a signature by another secret')).toBeLessThan(MOST_BYTES);

    expect(server.content().includes(MARK)).toBe(false);
    expect(JSON.stringify(server.logged)).not.toContain(MARK);
    await server.stop();
    for (const [i, [how, , route, asked]] of SURFACES.entries()) {
      const rows = server.rows(`192.0.2.${i}`);
      const refused = rows.filter(({ attempts }) => attempts !== null);
      const counted = refused.map(({ attempts }) => Number(attempts)).reduce((a, b) => a + b, 0);
      expect.soft(counted, how).toBe(route === undefined ? 0 : attemptsOf(asked(known)));
      expect.soft([...new Set(refused.map(({ path }) => path))], how).toEqual(route === undefined ? [] : [route]);
      // There are two rows if a minute ended during the attack.
      expect.soft(refused.length, how).toBeLessThan(3);
      expect
        .soft(
          refused.every(({ caller }) => caller === (how.includes('revoked') ? 'gone' : null)),
          how,
        )
        .toBe(true);
      expect.soft(rows.at(-1), how).toMatchObject({ caller: 'honest', query: 'limit=7', status: 200 });
    }
    expect(server.rows('192.0.2.200')).toMatchObject([{ caller: null, token_id: null, path: '/', params: null }]);
  });
});
