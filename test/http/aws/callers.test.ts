import { describe, expect, it } from 'vitest';
import { readAccessLog } from '../../../src/access/read-access-log.ts';
import { revokeToken } from '../../../src/access/revoke-token.ts';
import { MINUTE_MS } from '../../../src/lib/time.ts';
import { ACCOUNT, callerTrial, OTHER } from './caller-trial.ts';
import { altered } from './signed-request.ts';

const MISMATCH = expect.stringContaining('The request signature we calculated does not match');

describe('a signed request', () => {
  it.each([
    ['in its header', {}],
    ['presigned', { expiresIn: 60 }],
    ['fourteen minutes late', { date: new Date(Date.parse('2026-03-01T09:16:00Z')) }],
    ['a quarter of an hour early', { date: new Date(Date.parse('2026-03-01T09:45:00Z')) }],
  ])('of a live key is answered for its account and region: %s', async (_, more) => {
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
  ])('is refused with %s', async (_, signing, change) => {
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
  ])('is refused where it was signed %s', async (_, signing, message) => {
    const { key, ask, sign } = callerTrial();
    const reply = await ask(await sign(key(), signing));
    expect(reply).toMatchObject({ code: 'InvalidSignatureException', message: expect.stringMatching(message) });
  });

  it('is refused where the operation, the host or the date is not signed', async () => {
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

  it('is refused of a key that there is not, that has expired or was revoked, and with a session token', async () => {
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

  it('sees no other region or account than its key', async () => {
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

  it('any signature is accepted, and twelve digits are the account', async () => {
    const { ask, sign, asked } = callerTrial();
    const old = new Date('2020-01-01T00:00:00Z');
    expect(await ask(await sign({ ...any, accessKeyId: OTHER }, { date: old }))).toMatchObject({ status: 200 });
    expect(asked).toMatchObject([{ accountId: OTHER, caller: 'local' }]);
    expect(await ask(await sign(any))).toMatchObject({ code: 'ValidationException' });
  });

  it('the only account is meant where none is named', async () => {
    const { ask, sign, asked } = callerTrial([ACCOUNT]);
    await ask(await sign(any));
    expect(asked).toMatchObject([{ accountId: ACCOUNT }]);
  });

  it('no page of another origin, nor a name that resolves to here, is answered', async () => {
    const { app, sign } = callerTrial([ACCOUNT]);
    const request = await sign(any);
    const renamed = await altered(request, { headers: { host: 'evil.example' } });
    expect((await app.request(renamed)).status).toBe(403);
    // No page can have a browser send an Authorization header without a preflight, but a presigned address it can.
    const presigned = await sign(any, { expiresIn: 60 });
    expect((await app.request(await altered(presigned, { headers: {} }))).status).toBe(200);
    const foreign = await altered(presigned, { headers: { origin: 'https://evil.example' } });
    const reply = await app.request(foreign);
    expect([reply.status, await reply.json()]).toMatchObject([403, { __type: 'AccessDeniedException' }]);
  });

  it('ends as soon as a token or a key is made', async () => {
    for (const begin of ['token', 'key'] as const) {
      const { ask, sign, make, key } = callerTrial([ACCOUNT]);
      if (begin === 'token') make('reader');
      else key();
      expect(await ask(await sign(any))).toMatchObject({ status: 400, code: 'UnrecognizedClientException' });
    }
  });
});

describe('tokens and keys', () => {
  it('open nothing but their own', async () => {
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

describe('the access log', () => {
  it('has who asked for what, and refused attempts of known keys, and no secret', async () => {
    const { key, ask, sign, accessDb } = callerTrial();
    const made = key();
    await ask(await sign(made, { body: '{"MaxResults":7}' }));
    await ask(await sign({ ...made, secretAccessKey: 'wrong' }));
    const rows = readAccessLog(accessDb, { limit: 10 }).items;
    expect(rows).toMatchObject([
      { caller: 'reports', tokenId: made.accessKeyId, path: '/', query: 'ListCommandInvocations', status: 400 },
      { caller: 'reports', role: 'reader', params: '{"MaxResults":7}', rows: 0, status: 200 },
    ]);
    expect(JSON.stringify(rows)).not.toContain(made.secretAccessKey);
  });
});
