import { describe, expect, it, onTestFinished } from 'vitest';
import { readAccessLog } from '../../../src/access/log/read-access-log.ts';
import { openAuthDb } from '../../../src/access/open-auth-db.ts';
import { createAccessKey } from '../../../src/access/tokens/create-access-key.ts';
import { revokeToken } from '../../../src/access/tokens/revoke-token.ts';
import { ACCOUNT, callerTrial, OTHER } from './caller-trial.ts';
import { incomplete, SERVED, UNSIGNED, unrecognized } from './signatures/signature-answers.ts';
import { altered } from './signed-request.ts';

const UNKNOWN = unrecognized('The security token included in the request is invalid.');
const any = { accessKeyId: 'any', secretAccessKey: 'any' };
const of = (accessKeyId: string) => ({ accessKeyId, secretAccessKey: 'any' });

/** The refusal if the archive has several accounts and the request names none. */
const SEVERAL = {
  ...{ status: 400, code: 'ValidationException' },
  message: `The archive has several accounts: ${ACCOUNT}, ${OTHER}. Give one of them as the access key id (AWS_ACCESS_KEY_ID=<12 digits>).`,
};

describe('on loopback, before any token or key was made', () => {
  it('a key id of twelve digits names the account, in the header or presigned, even if the archive does not know that account', async () => {
    const { ask, sign, asked } = callerTrial();
    for (const more of [{}, { expiresIn: 60 }, { expiresIn: 60, date: new Date('2020-01-01T00:00:00Z') }])
      expect(await ask(await sign(of(OTHER), { ...more, region: 'us-east-1' }))).toMatchObject(SERVED);
    expect(await ask(await sign(of('999999999999')))).toMatchObject(SERVED);
    const scope = { accountId: OTHER, region: 'us-east-1', caller: 'local' };
    expect(asked).toMatchObject([scope, scope, scope, { accountId: '999999999999', region: 'eu-west-1' }]);
  });

  it('any other key id stands for the only account; if there are several accounts, an error lists them', async () => {
    const ids = ['AKIAIOSFODNN7EXAMPLE', '11112222333', '1111222233334', '11112222333a', '1111-2222-3333', 'a/b'];
    const [one, several] = [callerTrial([OTHER]), callerTrial()];
    for (const id of ids) {
      expect(await one.ask(await one.sign(of(id))), id).toMatchObject(SERVED);
      expect(await several.ask(await several.sign(of(id))), id).toMatchObject(SEVERAL);
    }
    expect(await several.ask(await several.sign(any, { expiresIn: 60 }))).toMatchObject(SEVERAL);
    expect(one.asked.map(({ accountId }) => accountId)).toEqual(ids.map(() => OTHER));
    expect(several.asked).toEqual([]);
  });

  it('an archive without an account answers that it has none', async () => {
    const { ask, sign } = callerTrial([]);
    expect(await ask(await sign(any))).toMatchObject({
      ...{ status: 400, code: 'ValidationException', message: 'The archive has no account yet.' },
    });
  });

  it('any signature is accepted: for another service, with a session token, over another body', async () => {
    const { ask, sign } = callerTrial();
    const request = await sign(of(ACCOUNT));
    expect(await ask(await sign(of(ACCOUNT), { service: 's3' }))).toMatchObject(SERVED);
    expect(await ask(await altered(request, { headers: { 'x-amz-security-token': 'any' } }))).toMatchObject(SERVED);
    expect(await ask(await altered(request, { body: '{"MaxResults":1}' }))).toMatchObject(SERVED);
  });

  it('a request still needs a key id and a region', async () => {
    const { ask, sign, asked } = callerTrial([ACCOUNT]);
    const request = await sign(any);
    expect(await ask(await altered(request, { headers: { authorization: '' } }))).toMatchObject(UNSIGNED);
    const scope = 'any/20260301//ssm/aws4_request';
    const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`;
    expect(await ask(await altered(request, { headers: { authorization } }))).toMatchObject(
      incomplete(`Credential must have at least 5 slash-delimited elements and end in 'aws4_request', got '${scope}'.`),
    );
    expect(asked).toEqual([]);
  });

  it('the access log names the caller "local", an operator', async () => {
    const { ask, sign, accessDb } = callerTrial();
    await ask(await sign(of(ACCOUNT)));
    expect(readAccessLog(accessDb, { limit: 10 }).items).toMatchObject([
      { caller: 'local', tokenId: null, role: 'operator', query: 'ListCommandInvocations', status: 200 },
    ]);
  });
});

describe('after a key was made', () => {
  it('the next request needs that key, even if another process made it', async () => {
    const { ask, sign, authPath, now, random, asked } = callerTrial([ACCOUNT]);
    const requests = [any, of(ACCOUNT)];
    for (const each of requests) expect(await ask(await sign(each))).toMatchObject(SERVED);
    const elsewhere = openAuthDb(authPath);
    onTestFinished(() => elsewhere.close());
    const made = createAccessKey(
      { authDb: elsewhere, now, random },
      { name: 'first', role: 'reader', expiresAt: undefined, accounts: undefined, regions: undefined },
    );
    for (const each of requests) {
      expect(await ask(await sign(each))).toMatchObject(UNKNOWN);
      expect(await ask(await sign(each, { expiresIn: 60 }))).toMatchObject(UNKNOWN);
    }
    expect(await ask(await sign(made))).toMatchObject(SERVED);
    expect(asked.map(({ caller }) => caller)).toEqual(['local', 'local', 'first']);
  });

  it('requests still need a key when that key has been revoked', async () => {
    const { ask, sign, key, deps } = callerTrial([ACCOUNT]);
    const { accessKeyId } = key();
    revokeToken(deps, accessKeyId);
    expect(await ask(await sign(of(ACCOUNT)))).toMatchObject(UNKNOWN);
    expect(await ask(await sign(of(accessKeyId)))).toMatchObject({ status: 400, code: 'InvalidSignatureException' });
  });
});

describe('on an address other than loopback', () => {
  it('a key is needed from the start, unless none was made and --insecure-no-auth is given', async () => {
    const closed = callerTrial([ACCOUNT], { host: '0.0.0.0' });
    expect(await closed.ask(await closed.sign(of(ACCOUNT)))).toMatchObject(UNKNOWN);
    const open = callerTrial([ACCOUNT], { host: '0.0.0.0', isInsecureAllowed: true });
    expect(await open.ask(await open.sign(of(OTHER)))).toMatchObject(SERVED);
    expect(open.asked).toMatchObject([{ accountId: OTHER }]);
    open.key();
    expect(await open.ask(await open.sign(of(OTHER)))).toMatchObject(UNKNOWN);
  });
});
