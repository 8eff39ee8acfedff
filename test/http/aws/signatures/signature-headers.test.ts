import { describe, expect, it } from 'vitest';
import { ACCOUNT, callerTrial } from '../caller-trial.ts';
import { altered } from '../signed-request.ts';
import { answers, incomplete, invalid, MISMATCH, SERVED, UNSIGNED, unrecognized } from './signature-answers.ts';

const ALGORITHM = 'AWS4-HMAC-SHA256';

/**
 * A key, and a function that returns the answer to a request by that key whose Authorization header was replaced after
 * signing.
 */
async function setUp() {
  const trial = callerTrial();
  const made = trial.key();
  const { accessKeyId } = made;
  const request = await trial.sign(made);
  // A key that has signed correctly once still gets answers after any number of wrong signatures.
  await trial.ask(request.clone());
  trial.asked.pop();
  const header = request.headers.get('authorization') ?? '';
  const [, credential = '', names = '', signature = ''] =
    /^AWS4-HMAC-SHA256 Credential=(\S+), SignedHeaders=(\S+), Signature=(\w+)$/.exec(header) ?? [];
  return {
    ...{ ...trial, accessKeyId, header, credential, names, signature },
    /** The header with these parts; by default the parts that were signed. */
    write: (parts: { credential?: string; names?: string; signature?: string }) =>
      `${ALGORITHM} Credential=${parts.credential ?? credential}, SignedHeaders=${parts.names ?? names}, Signature=${parts.signature ?? signature}`,
    askWith: async (authorization: string) => trial.ask(await altered(request, { headers: { authorization } })),
  };
}

describe('an Authorization header', () => {
  it('without one of its parts, or with another algorithm, is refused with an error that names what is missing', async () => {
    const { header, askWith } = await setUp();
    const lacks = (...parts: string[]) =>
      incomplete(
        `${parts.map((part) => `Authorization header requires '${part}' parameter.`).join(' ')} Authorization=${ALGORITHM}`,
      );
    const other = (algorithm: string) => incomplete(`Unsupported AWS 'algorithm': '${algorithm}'.`);
    const { given, expected } = await answers(
      [
        ['none', '', UNSIGNED],
        ['the algorithm alone', ALGORITHM, lacks('Credential', 'Signature', 'SignedHeaders')],
        ['no credential', header.replace(/Credential=\S+, /, ''), lacks('Credential')],
        ['an empty credential', header.replace(/Credential=\S+,/, 'Credential=,'), lacks('Credential')],
        ['no headers', header.replace(/SignedHeaders=\S+, /, ''), lacks('SignedHeaders')],
        ['empty headers', header.replace(/SignedHeaders=\S+,/, 'SignedHeaders=,'), lacks('SignedHeaders')],
        ['no signature', header.replace(/, Signature=\w+/, ''), lacks('Signature')],
        ['an empty signature', header.replace(/Signature=\w+/, 'Signature='), lacks('Signature')],
        ['no commas', header.replaceAll(',', ''), lacks('Signature', 'SignedHeaders')],
        ['names in lower case', header.replace('Signature=', 'signature='), lacks('Signature')],
        ['parts alone', header.slice(ALGORITHM.length + 1), other(header.split(' ')[1] ?? '')],
        ['another hash', header.replace('SHA256', 'SHA1'), other('AWS4-HMAC-SHA1')],
        ['asymmetric', header.replace(ALGORITHM, 'AWS4-ECDSA-P256-SHA256'), other('AWS4-ECDSA-P256-SHA256')],
        ['version 2', 'AWS AKID:c2lnbmF0dXJl', other('AWS')],
        ['in lower case', header.replace(ALGORITHM, ALGORITHM.toLowerCase()), other('aws4-hmac-sha256')],
        ['a password', 'Basic dXNlcjpwYXNzd29yZA==', other('Basic')],
      ],
      askWith,
    );
    expect(given).toEqual(expected);
  });

  it('may have its parts in any order, and any spaces around them', async () => {
    const { header, credential, names, signature, askWith } = await setUp();
    const turned = `${ALGORITHM} Signature=${signature}, SignedHeaders=${names}, Credential=${credential}`;
    for (const each of [turned, header.replaceAll(', ', ','), header.replaceAll(', ', ' ,\t '), `  ${header} `])
      expect(await askWith(each), each).toMatchObject(SERVED);
  });

  it('is read by its last Credential or Signature if it has two, whatever the first one says', async () => {
    const { header, credential, signature, askWith, asked } = await setUp();
    const forged = header.replace(
      ALGORITHM,
      `${ALGORITHM} Credential=AKIDEXAMPLE/20260301/eu-west-1/ssm/aws4_request,`,
    );
    expect(await askWith(forged)).toMatchObject(SERVED);
    expect(asked).toMatchObject([{ accountId: ACCOUNT, caller: 'reports' }]);
    expect(await askWith(`${header}, Credential=x${credential}`)).toMatchObject({
      code: 'UnrecognizedClientException',
    });
    expect(await askWith(`${header}, Signature=${'0'.repeat(64)}`)).toMatchObject(MISMATCH);
    expect(await askWith(`${header.replace(signature, '0')}, Signature=${signature}`)).toMatchObject(SERVED);
  });

  it('is valid only for the date, region and service in its scope, which must end in aws4_request', async () => {
    const { accessKeyId, write, askWith } = await setUp();
    const scope = (text: string) => write({ credential: `${accessKeyId}/${text}` });
    const short = (text: string) =>
      incomplete(`Credential must have at least 5 slash-delimited elements and end in 'aws4_request', got '${text}'.`);
    const ownShort = (text: string) => short(`${accessKeyId}/${text}`);
    const dated = (date: string) =>
      invalid(
        `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${date}' != '20260301', from '20260301T093000Z'.`,
      );
    const served = invalid("Credential should be scoped to correct service: 'ssm'.");
    const stranger = unrecognized('The security token included in the request is invalid.');
    const { given, expected } = await answers(
      [
        ['yesterday', scope('20260228/eu-west-1/ssm/aws4_request'), dated('20260228')],
        ['tomorrow', scope('20260302/eu-west-1/ssm/aws4_request'), dated('20260302')],
        ['a date with hyphens', scope('2026-03-01/eu-west-1/ssm/aws4_request'), dated('2026-03-01')],
        ['no date', scope('/eu-west-1/ssm/aws4_request'), dated('')],
        ['another region', scope('20260301/us-east-1/ssm/aws4_request'), MISMATCH],
        ['a region in upper case', scope('20260301/EU-WEST-1/ssm/aws4_request'), MISMATCH],
        ['no region', scope('20260301//ssm/aws4_request'), ownShort('20260301//ssm/aws4_request')],
        ['another service', scope('20260301/eu-west-1/ec2/aws4_request'), served],
        ['its other service', scope('20260301/eu-west-1/sts/aws4_request'), served],
        ['a service in upper case', scope('20260301/eu-west-1/SSM/aws4_request'), served],
        ['no service', scope('20260301/eu-west-1//aws4_request'), ownShort('20260301/eu-west-1//aws4_request')],
        ['another end', scope('20260301/eu-west-1/ssm/aws5_request'), ownShort('20260301/eu-west-1/ssm/aws5_request')],
        ['no end', scope('20260301/eu-west-1/ssm'), ownShort('20260301/eu-west-1/ssm')],
        [
          'something after it',
          scope('20260301/eu-west-1/ssm/aws4_request/'),
          ownShort('20260301/eu-west-1/ssm/aws4_request/'),
        ],
        [
          'no key',
          write({ credential: '/20260301/eu-west-1/ssm/aws4_request' }),
          short('/20260301/eu-west-1/ssm/aws4_request'),
        ],
        [
          'the key in lower case',
          write({ credential: `${accessKeyId.toLowerCase()}/20260301/eu-west-1/ssm/aws4_request` }),
          stranger,
        ],
        [
          'something before the key',
          write({ credential: `a/${accessKeyId}/20260301/eu-west-1/ssm/aws4_request` }),
          stranger,
        ],
      ],
      askWith,
    );
    expect(given).toEqual(expected);
  });

  it('must have its signature as 64 lower-case hex digits', async () => {
    const { signature, write, askWith } = await setUp();
    const spelt: [string, string][] = [
      ['in upper case', signature.toUpperCase()],
      ['in base64', Buffer.from(signature, 'hex').toString('base64')],
      ['cut', signature.slice(0, -1)],
      ['cut to half', signature.slice(0, 32)],
      ['longer', `${signature}0`],
      ['twice', signature + signature],
      ['with 0x', `0x${signature}`],
      ['no hex', 'g'.repeat(64)],
      ['zeros', '0'.repeat(64)],
    ];
    const cases = spelt.map(([name, text]) => [name, write({ signature: text }), MISMATCH] as const);
    const { given, expected } = await answers(cases, askWith);
    expect(given).toEqual(expected);
  });

  it('must sign the host, the date and the operation, and only headers that the request has', async () => {
    const { names, write, askWith } = await setUp();
    const unsigned = (name: string) => invalid(`'${name}' must be a 'SignedHeader' in the AWS Authorization.`);
    const without = (name: string) =>
      write({
        names: names
          .split(';')
          .filter((each) => each !== name)
          .join(';'),
      });
    const { given, expected } = await answers(
      [
        ['no host', without('host'), unsigned('host')],
        ['no date', without('x-amz-date'), unsigned('x-amz-date')],
        ['no operation', without('x-amz-target'), unsigned('x-amz-target')],
        ['in upper case', write({ names: names.replace('host', 'Host') }), unsigned('host')],
        ['with commas', write({ names: names.replaceAll(';', ':') }), unsigned('host')],
        ['no type', without('content-type'), MISMATCH],
        ['a header that is not there', write({ names: `${names};x-other` }), MISMATCH],
        ['a header without a name', write({ names: `${names};` }), MISMATCH],
        ['a name that no header can have', write({ names: `${names};(x)` }), MISMATCH],
      ],
      askWith,
    );
    expect(given).toEqual(expected);
  });
});
