import { describe, expect, it } from 'vitest';
import { ListingExpired, OperationUnknown, SourceRefused } from '../../src/upstream/errors.ts';
import { explainRefusal } from '../../src/upstream/explain-refusal.ts';

const ROLE = 'arn:aws:iam::111122223333:role/ssm-archive';
const LISTING = { action: 'ssm:ListCommandInvocations', alias: 'production', region: 'eu-west-1' };

function thrown(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

function messageOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  throw new Error('Not an error.');
}

describe('a refusal', () => {
  it.each(['AccessDeniedException', 'AccessDenied', 'UnauthorizedOperation', 'NotAuthorized', 'OptInRequired'])(
    'by %s is reported in the words of the service, with what to grant to whom',
    (name) => {
      const said = 'User: x is not authorized to perform: ssm:ListCommandInvocations';
      const cause = thrown(name, said);
      const refusal = explainRefusal(cause, { ...LISTING, roleArn: ROLE });
      expect(refusal).toBeInstanceOf(SourceRefused);
      expect(refusal).toMatchObject({ cause });
      expect(messageOf(refusal)).toBe(
        `${name}: ${said}. Grant ssm:ListCommandInvocations on resource * to ${ROLE}; docs/getting-started.md has the whole policy.`,
      );
    },
  );

  it('without a message is not reported in words of the SDK', () => {
    expect(messageOf(explainRefusal(thrown('InvalidNextToken', 'UnknownError'), LISTING))).toBe('InvalidNextToken.');
  });

  it('is reported with the identity that is used if the source has no role', () => {
    expect(messageOf(explainRefusal(thrown('AccessDenied', 'No.'), LISTING))).toContain(
      'to the identity that this source uses',
    );
  });

  it.each(['No.', 'No!', 'No?', 'No'])('ends its own sentence before the advice if its message is %j', (said) => {
    expect(messageOf(explainRefusal(thrown('AccessDenied', said), LISTING))).toMatch(/^AccessDenied: No[.!?] Grant /);
  });

  it('to assume a role is reported with the trust policy', () => {
    const call = { ...LISTING, action: 'sts:AssumeRole', roleArn: ROLE };
    const message = messageOf(explainRefusal(thrown('AccessDenied', 'No.'), call));
    expect(message).toContain(`the trust policy of ${ROLE}`);
    expect(message).toContain('sts:AssumeRole');
  });

  it.each([
    'ExpiredTokenException',
    'ExpiredToken',
    'UnrecognizedClientException',
    'InvalidClientTokenId',
    'InvalidSignatureException',
    'SignatureDoesNotMatch',
    'MissingAuthenticationTokenException',
    'RequestExpired',
  ])('by %s is reported with the advice to renew the credentials', (name) => {
    const refusal = explainRefusal(thrown(name, 'Said so.'), LISTING);
    expect(refusal).toBeInstanceOf(SourceRefused);
    expect(messageOf(refusal)).toMatch(/^\w+: Said so\. Renew the credentials of this source/);
  });

  it('is reported with how to provide credentials if they are missing', () => {
    const refusal = explainRefusal(thrown('CredentialsProviderError', 'None.'), LISTING);
    expect(refusal).toBeInstanceOf(SourceRefused);
    expect(messageOf(refusal)).toContain('AWS_PROFILE');
  });

  it('makes the listing begin again if the service refuses a token', () => {
    expect(explainRefusal(thrown('InvalidNextToken', ''), LISTING)).toEqual(new ListingExpired('InvalidNextToken.'));
  });

  it('is an error of its own class if the service does not have the operation', () => {
    expect(explainRefusal(thrown('UnknownOperationException', ''), LISTING)).toBeInstanceOf(OperationUnknown);
  });

  it('is not made from any other error, which is returned unchanged', () => {
    for (const error of [thrown('ThrottlingException', 'Rate exceeded'), new Error('socket hang up'), 'text', null]) {
      expect(explainRefusal(error, LISTING)).toBe(error);
    }
  });
});
