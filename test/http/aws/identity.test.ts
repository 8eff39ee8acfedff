import { describe, expect, it } from 'vitest';
import { readAccessLog } from '../../../src/access/log/read-access-log.ts';
import { revokeToken } from '../../../src/access/tokens/revoke-token.ts';
import { ACCOUNT, callerTrial, OTHER } from './caller-trial.ts';
import { altered, type Signing, signedRequest } from './signed-request.ts';

const NAMESPACE = 'xmlns="https://sts.amazonaws.com/doc/2011-06-15/"';
const REQUEST_ID = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const FORM = { Action: 'GetCallerIdentity', Version: '2011-06-15' };

function setUp(accounts?: readonly string[]) {
  const trial = callerTrial(accounts);
  return {
    ...trial,
    askWho: async (keyed: { accessKeyId: string; secretAccessKey: string }, more: Partial<Signing> = {}) =>
      trial.ask(await trial.sign(keyed, { service: 'sts', form: FORM, ...more })),
  };
}

/** The form of errors in the Query protocol. */
const refused = (status: number, code: string, message: string) => ({
  status,
  text: expect.stringMatching(
    new RegExp(
      `^<ErrorResponse ${NAMESPACE}><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>${REQUEST_ID}</RequestId></ErrorResponse>$`,
    ),
  ),
});
const MISMATCH = refused(403, 'SignatureDoesNotMatch', 'The request signature we calculated does not match .*');

describe('GetCallerIdentity', () => {
  it.each([
    ['eu-west-1', 'aws'],
    ['cn-north-1', 'aws-cn'],
    ['us-gov-west-1', 'aws-us-gov'],
    ['eusc-de-east-1', 'aws-eusc'],
    ['us-isob-east-1', 'aws-iso-b'],
  ])('returns the account of the key, its name and its id: %s', async (region, partition) => {
    const { key, askWho } = setUp();
    const made = key({ name: 'Ada @ops' });
    const { status, text } = await askWho(made, { region });
    expect([status, text.replace(new RegExp(REQUEST_ID), '<id>')]).toEqual([
      200,
      `<GetCallerIdentityResponse ${NAMESPACE}><GetCallerIdentityResult><Arn>arn:${partition}:iam::${ACCOUNT}:user/Ada @ops</Arn><UserId>${made.accessKeyId}</UserId><Account>${ACCOUNT}</Account></GetCallerIdentityResult><ResponseMetadata><RequestId><id></RequestId></ResponseMetadata></GetCallerIdentityResponse>`,
    ]);
  });

  it('returns XML, even if the request is presigned, and for any version', async () => {
    const { key, app, sign } = setUp();
    const made = key();
    for (const more of [{}, { expiresIn: 60 }, { form: { Action: FORM.Action } }]) {
      const reply = await app.request(await sign(made, { service: 'sts', form: FORM, ...more }));
      expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'text/xml']);
      expect(await reply.text()).toContain(`<Account>${ACCOUNT}</Account>`);
    }
  });

  it('returns the only account of the archive for a key of all accounts, and an error that lists them if there are several', async () => {
    const one = setUp([OTHER]);
    expect(await one.askWho(one.key({ accounts: undefined }))).toMatchObject({
      status: 200,
      text: expect.stringContaining(`<Account>${OTHER}</Account>`),
    });
    const several = setUp();
    expect(await several.askWho(several.key({ accounts: undefined }))).toMatchObject(
      refused(
        400,
        'ValidationError',
        `The archive has several accounts: ${ACCOUNT}, ${OTHER}\\. Use an access key of .*`,
      ),
    );
    const none = setUp([]);
    expect(await none.askWho(none.key({ accounts: undefined }))).toMatchObject(
      refused(400, 'ValidationError', 'The archive has no account yet\\.'),
    );
  });

  it('returns the key id as the account of the local caller if no key is needed', async () => {
    const { askWho } = setUp();
    expect(await askWho({ accessKeyId: OTHER, secretAccessKey: 'any' })).toMatchObject({
      status: 200,
      text: expect.stringContaining(
        `<Arn>arn:aws:iam::${OTHER}:user/local</Arn><UserId>${OTHER}</UserId><Account>${OTHER}</Account>`,
      ),
    });
  });

  it('is refused with the error codes and the statuses of STS', async () => {
    const { key, sign, ask, askWho, deps } = setUp();
    const made = key({ regions: ['eu-west-1'] });
    const gone = key({ name: 'gone' });
    revokeToken(deps, gone.accessKeyId);
    const request = await sign(made, { service: 'sts', form: FORM });
    const withHeader = async (authorization: string) => ask(await altered(request, { headers: { authorization } }));
    expect(await withHeader('')).toMatchObject(
      refused(403, 'MissingAuthenticationToken', 'Missing Authentication Token'),
    );
    expect(await withHeader('AWS4-HMAC-SHA256 Credential=a/20260301/eu-west-1/sts/aws4_request')).toMatchObject(
      refused(400, 'IncompleteSignature', "Authorization header requires 'Signature' parameter\\. .*"),
    );
    expect(await askWho({ ...made, accessKeyId: 'AKIDEXAMPLE' })).toMatchObject(
      refused(403, 'InvalidClientTokenId', 'The security token included in the request is invalid\\.'),
    );
    expect(await askWho(made, { headers: { 'x-amz-security-token': 'any' } })).toMatchObject(
      refused(403, 'InvalidClientTokenId', '.* unset AWS_SESSION_TOKEN\\.'),
    );
    expect(await askWho(gone)).toMatchObject(
      refused(403, 'InvalidClientTokenId', `The access key ${gone.accessKeyId} is revoked\\. .*`),
    );
    expect(await askWho({ ...made, secretAccessKey: 'wrong' })).toMatchObject(MISMATCH);
    expect(await ask(await altered(request, { body: `${new URLSearchParams(FORM)}&a=b` }))).toMatchObject(MISMATCH);
    expect(await askWho(made, { service: 'ssm' })).toMatchObject(
      refused(403, 'SignatureDoesNotMatch', "Credential should be scoped to correct service: 'sts'\\."),
    );
    const action = 'sts:GetCallerIdentity';
    expect(await askWho(made, { region: 'us-east-1' })).toMatchObject(
      refused(
        403,
        'AccessDenied',
        `User: reports is not authorized to perform: ${action} on resource: arn:aws:sts::${ACCOUNT}:\\* because no access key policy allows the ${action} action`,
      ),
    );
  });

  it('is recorded in the access log like any other question', async () => {
    const { key, askWho, accessDb } = setUp();
    const made = key();
    await askWho(made);
    await askWho({ ...made, secretAccessKey: 'wrong' });
    expect(readAccessLog(accessDb, { limit: 10 }).items).toMatchObject([
      { caller: null, role: null, path: '/', query: '', params: null, status: 403, attempts: 1 },
      { caller: 'reports', role: 'reader', path: '/', query: 'GetCallerIdentity', params: '{}', status: 200, rows: 1 },
    ]);
  });
});

describe('another action of the Query protocol', () => {
  it.each([
    ['AssumeRole', { Action: 'AssumeRole', Version: '2011-06-15' }, 'AssumeRole for version 2011-06-15'],
    ['another case', { Action: 'getcalleridentity', Version: '1' }, 'getcalleridentity for version 1'],
    ['none', { a: 'b' }, ' for version 2011-06-15'],
    ['of SSM', { Action: 'ListCommands', Version: '2014-11-06' }, 'ListCommands for version 2014-11-06'],
    ['markup', { Action: '<b>&', Version: ']]>' }, '&#60;b&#62;&#38; for version ]]&#62;'],
  ])('gets the error InvalidAction, signed or not: %s', async (_name, form, what) => {
    const { key, askWho, ask } = setUp();
    const invalid = refused(400, 'InvalidAction', `Could not find operation ${what}`);
    expect(await askWho(key(), { form })).toMatchObject(invalid);
    const body = new URLSearchParams(form);
    expect(await ask(new Request('http://localhost/', { method: 'POST', body }))).toMatchObject(invalid);
  });

  it('is recognised only in a request with a form and without a target; any other request is for AmazonSSM', async () => {
    const { key, ask, sign, askWho } = setUp();
    const made = key();
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    expect(await ask(await sign(made, { headers: type }))).toMatchObject({ status: 200 });
    const headers = { 'content-type': 'application/json' };
    expect(await askWho(made, { headers, body: '{}' })).toMatchObject({
      status: 400,
      code: 'UnknownOperationException',
    });
    const signed = await signedRequest({ ...made, date: new Date(), service: 'sts', form: FORM });
    expect((await ask(new Request('http://localhost/v1/commands', { headers: signed.headers }))).status).toBe(401);
  });
});
