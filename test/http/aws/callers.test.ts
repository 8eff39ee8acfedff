import { describe, expect, it } from 'vitest';
import { readAccessLog } from '../../../src/access/log/read-access-log.ts';
import { revokeToken } from '../../../src/access/tokens/revoke-token.ts';
import { MINUTE_MS, SECOND_MS } from '../../../src/lib/time.ts';
import { ACCOUNT, callerTrial, OTHER } from './caller-trial.ts';
import { altered } from './signed-request.ts';

const MISMATCH = expect.stringContaining('The request signature we calculated does not match');

describe('a signed request', () => {
  it.each([
    ['in its header', {}],
    ['presigned', { expiresIn: 60 }],
    ['fourteen minutes late', { date: new Date(Date.parse('2026-03-01T09:16:00Z')) }],
    ['a quarter of an hour early', { date: new Date(Date.parse('2026-03-01T09:45:00Z')) }],
  ])('gets the history of the account and region of its valid key: %s', async (_, more) => {
    const { key, ask, sign, asked } = callerTrial();
    expect(await ask(await sign(key(), more))).toMatchObject({ status: 200, text: '{"CommandInvocations":[]}' });
    expect(asked).toMatchObject([{ accountId: ACCOUNT, region: 'eu-west-1', caller: 'reports' }]);
  });

  it.each([
    ['another secret', { secretAccessKey: 'wrong' }, {}],
    ['another body', {}, { body: '{"MaxResults":1}' }],
    ['another operation', {}, { headers: { 'x-amz-target': 'AmazonSSM.ListCommands' } }],
    ['another host', {}, { headers: { host: 'elsewhere' } }],
    ['a digest of another body', { headers: { 'x-amz-content-sha256': '0'.repeat(64) } }, {}],
    ['a body that was not signed', { headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } }, {}],
    ['another body, presigned', { expiresIn: 60 }, { body: '{"MaxResults":1}' }],
    ['one more parameter', {}, { url: 'http://localhost/?a=b' }],
  ])('is refused if it was sent with %s', async (_, signing, change) => {
    const { key, ask, sign, asked } = callerTrial();
    const reply = await ask(await altered(await sign(key(), signing), change));
    expect(reply).toMatchObject({ status: 400, code: 'InvalidSignatureException', message: MISMATCH });
    expect(asked).toEqual([]);
  });

  it.each([
    ['16 minutes ago', { date: new Date('2026-03-01T09:14:00Z') }, /^Signature expired: 20260301T091400Z/],
    ['16 minutes ahead', { date: new Date('2026-03-01T09:46:00Z') }, /^Signature not yet current: 20260301T094600Z/],
    ['presigned for less', { date: new Date('2026-03-01T09:28:00Z'), expiresIn: 60 }, /^Signature expired/],
    ['for another service', { service: 's3' }, /scoped to correct service: 'ssm'/],
  ])('is refused if it was signed %s', async (_, signing, message) => {
    const { key, ask, sign } = callerTrial();
    const reply = await ask(await sign(key(), signing));
    expect(reply).toMatchObject({ code: 'InvalidSignatureException', message: expect.stringMatching(message) });
  });

  it('is refused if the operation, the host or the date is not signed', async () => {
    const { key, ask, sign } = callerTrial();
    const request = await sign(key());
    for (const name of ['host', 'x-amz-date', 'x-amz-target']) {
      const authorization = (request.headers.get('authorization') ?? '').replace(new RegExp(`\\b${name};?`), '');
      const reply = await ask(await altered(request, { headers: { authorization } }));
      expect(reply).toMatchObject({
        status: 400,
        message: `'${name}' must be a 'SignedHeader' in the AWS Authorization.`,
      });
    }
  });

  it('is refused with an unknown key, an expired or revoked key, or a session token', async () => {
    const { key, ask, sign, deps, pass } = callerTrial();
    const live = key();
    const short = key({ name: 'short', expiresAt: new Date(deps.now().getTime() + MINUTE_MS) });
    const gone = key({ name: 'gone' });
    revokeToken(deps, gone.accessKeyId);
    pass(2 * MINUTE_MS);
    const session = { headers: { 'x-amz-security-token': 'any' } };
    const refused = [
      [
        await sign({ ...live, accessKeyId: 'SSMAAAAAAAAAAAAAAAAA' }),
        'The security token included in the request is invalid.',
      ],
      [await sign(short), expect.stringContaining('is expired')],
      [await sign(gone), expect.stringContaining('is revoked')],
      [await sign(live, session), expect.stringContaining('no session token')],
    ] as const;
    for (const [request, message] of refused)
      expect(await ask(request)).toMatchObject({ status: 400, code: 'UnrecognizedClientException', message });
  });

  it('cannot read a region or an account other than the ones of its key', async () => {
    const { key, ask, sign, asked } = callerTrial();
    const narrow = key({ regions: ['us-east-1'] });
    expect(await ask(await sign(narrow))).toMatchObject({ code: 'AccessDeniedException' });
    expect(await ask(await sign(narrow, { region: 'us-east-1' }))).toMatchObject({ status: 200 });
    const wide = key({ name: 'wide', accounts: undefined });
    const reply = await ask(await sign(wide));
    expect(reply).toMatchObject({
      code: 'ValidationException',
      message: expect.stringContaining(`${ACCOUNT}, ${OTHER}`),
    });
    expect(asked).toHaveLength(1);
  });
});

describe('without any token or key, on loopback', () => {
  const any = { accessKeyId: 'any', secretAccessKey: 'any' };

  it('any signature is accepted, and a key id of twelve digits names the account', async () => {
    const { ask, sign, asked } = callerTrial();
    const old = new Date('2020-01-01T00:00:00Z');
    expect(await ask(await sign({ ...any, accessKeyId: OTHER }, { date: old }))).toMatchObject({ status: 200 });
    expect(asked).toMatchObject([{ accountId: OTHER, caller: 'local' }]);
    expect(await ask(await sign(any))).toMatchObject({ code: 'ValidationException' });
  });

  it('the only account of the archive is used if the request names none', async () => {
    const { ask, sign, asked } = callerTrial([ACCOUNT]);
    await ask(await sign(any));
    expect(asked).toMatchObject([{ accountId: ACCOUNT }]);
  });

  it('pages of other origins, and pages under a host name that was made to resolve to this machine, get no answer', async () => {
    const { app, sign } = callerTrial([ACCOUNT]);
    const request = await sign(any);
    const renamed = await altered(request, { headers: { host: 'evil.example' } });
    expect((await app.request(renamed)).status).toBe(403);
    // A page can't make a browser send an Authorization header without a preflight, but a page can use a presigned
    // address.
    const presigned = await sign(any, { expiresIn: 60 });
    expect((await app.request(await altered(presigned, { headers: {} }))).status).toBe(200);
    const foreign = await altered(presigned, { headers: { origin: 'https://evil.example' } });
    const reply = await app.request(foreign);
    expect([reply.status, await reply.json()]).toMatchObject([403, { __type: 'AccessDeniedException' }]);
  });

  it('a caller with an unknown key is refused as soon as a token or a key is made', async () => {
    for (const begin of ['token', 'key'] as const) {
      const { ask, sign, make, key } = callerTrial([ACCOUNT]);
      if (begin === 'token') make('reader');
      else key();
      expect(await ask(await sign(any))).toMatchObject({ status: 400, code: 'UnrecognizedClientException' });
    }
  });
});

describe('tokens and keys', () => {
  it('work only for their own endpoints', async () => {
    const { app, ask, make, key, sign } = callerTrial();
    const token = make('operator');
    const headers = { authorization: `Bearer ${token}`, 'x-amz-target': 'AmazonSSM.ListCommands', 'x-amz-date': 'x' };
    const bearer = new Request('http://localhost/', { method: 'POST', headers, body: '{}' });
    expect(await ask(bearer)).toMatchObject({ status: 400, code: 'IncompleteSignatureException' });
    const { secretAccessKey, accessKeyId } = key();
    for (const secret of [secretAccessKey, accessKeyId]) {
      const reply = await app.request('/v1/commands', { headers: { authorization: `Bearer ${secret}` } });
      expect(reply.status).toBe(401);
    }
    const signed = await sign({ accessKeyId, secretAccessKey });
    expect((await app.request(new Request('http://localhost/v1/commands', { headers: signed.headers }))).status).toBe(
      401,
    );
  });
});

describe('an address that guesses keys or their secrets', () => {
  const THROTTLED = {
    status: 400,
    code: 'ThrottlingException',
    message: expect.stringMatching(/^Rate exceeded: .* Try again in \d+ s\.$/),
  };
  const STRANGE = { accessKeyId: 'SSMAAAAAAAAAAAAAAAAA', secretAccessKey: 'any' };

  it.each([
    ['an unknown key', () => STRANGE, 'UnrecognizedClientException'],
    ['another secret', (made: typeof STRANGE) => ({ ...made, secretAccessKey: 'wrong' }), 'InvalidSignatureException'],
  ])('must wait at every endpoint, as after wrong tokens: %s', async (_, wrong, code) => {
    const { key, ask, sign, app, make, pass } = callerTrial();
    const made = key();
    const token = make('reader');
    const replies = [];
    for (let i = 0; i < 8; i++) replies.push(await ask(await sign(wrong(made))));
    expect(replies.map((reply) => reply.code)).toEqual([...Array(5).fill(code), ...Array(3).fill(THROTTLED.code)]);
    expect(replies.at(-1)).toMatchObject(THROTTLED);
    expect(await ask(await sign(made, { expiresIn: 60 }))).toMatchObject(THROTTLED);
    const bearer = () => app.request('/v1/commands', { headers: { authorization: `Bearer ${token}` } });
    expect((await bearer()).status).toBe(429);
    const login = { method: 'POST', body: new URLSearchParams({ token }) };
    expect((await app.request('/login', login)).status).toBe(429);
    pass(SECOND_MS);
    expect(await ask(await sign(made))).toMatchObject({ status: 200 });
  });

  it('must wait at the AWS endpoint after wrong tokens too, and gets the error Throttling from STS', async () => {
    const { key, ask, sign, app } = callerTrial();
    const made = key();
    for (let i = 0; i < 5; i++) await app.request('/v1/commands', { headers: { authorization: 'Bearer wrong' } });
    expect(await ask(await sign(made))).toMatchObject(THROTTLED);
    const form = { Action: 'GetCallerIdentity' };
    const { status, text } = await ask(await sign(made, { service: 'sts', form }));
    expect([status, text]).toEqual([400, expect.stringContaining('<Code>Throttling</Code>')]);
  });

  it('can still use a key that it has already used correctly, even after a wrong signature with that key', async () => {
    const { key, ask, sign } = callerTrial();
    const [made, other] = [key(), key({ name: 'other' })];
    expect(await ask(await sign(made))).toMatchObject({ status: 200 });
    for (let i = 0; i < 9; i++) await ask(await sign(STRANGE));
    expect(await ask(await sign(other))).toMatchObject(THROTTLED);
    expect(await ask(await sign(made))).toMatchObject({ status: 200 });
    expect(await ask(await sign({ ...made, secretAccessKey: 'wrong' }))).toMatchObject({ message: MISMATCH });
    expect(await ask(await sign(made))).toMatchObject({ status: 200 });
  });

  it('need not wait after faults that are not guesses: a wrong clock or service, a session token, a revoked key, or no key', async () => {
    const { key, ask, sign, deps } = callerTrial();
    const made = key({ regions: ['eu-west-1'] });
    const gone = key({ name: 'gone' });
    revokeToken(deps, gone.accessKeyId);
    const request = await sign(made);
    for (let i = 0; i < 3; i++) {
      await ask(await sign(made, { date: new Date('2026-03-01T08:00:00Z') }));
      await ask(await sign(made, { service: 's3' }));
      await ask(await sign(made, { headers: { 'x-amz-security-token': 'any' } }));
      await ask(await sign(gone));
      await ask(await altered(request, { headers: { authorization: '' } }));
    }
    expect(await ask(await sign(made))).toMatchObject({ status: 200 });
  });
});

describe('the access log', () => {
  it('records who asked for what, but no secret, and nothing sent by callers who do not prove that they hold a key', async () => {
    const { key, ask, sign, accessDb } = callerTrial();
    const made = key();
    await ask(await sign(made, { body: '{"MaxResults":7}' }));
    await ask(await sign({ ...made, secretAccessKey: 'wrong' }));
    const rows = readAccessLog(accessDb, { limit: 10 }).items;
    expect(rows).toMatchObject([
      { caller: null, tokenId: null, path: '/', query: '', params: null, status: 400, attempts: 1 },
      { caller: 'reports', role: 'reader', params: '{"MaxResults":7}', rows: 0, status: 200 },
    ]);
    expect(JSON.stringify(rows)).not.toContain(made.secretAccessKey);
  });

  it('names a revoked key, and records requests for which a valid key has no access', async () => {
    const { key, ask, sign, accessDb, deps } = callerTrial();
    const [gone, narrow] = [key({ name: 'gone' }), key({ name: 'narrow', regions: ['us-east-1'] })];
    revokeToken(deps, gone.accessKeyId);
    await ask(await sign(gone, { body: '{"MaxResults":7}' }));
    await ask(await sign(narrow, { body: '{"MaxResults":8}' }));
    expect(readAccessLog(accessDb, { limit: 10 }).items).toMatchObject([
      { caller: 'narrow', role: 'reader', query: 'ListCommandInvocations', params: '{"MaxResults":8}', status: 400 },
      { caller: 'gone', role: null, tokenId: gone.accessKeyId, query: '', params: null, attempts: 1 },
    ]);
  });
});
