import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readCredential } from '../../../../src/http/aws/read-credential.ts';
import { verifySignature } from '../../../../src/http/aws/verify-signature.ts';
import { callerTrial } from '../caller-trial.ts';
import { answers, incomplete, invalid, MISMATCH, SERVED } from './signature-answers.ts';
import { ACCESS_KEY_ID, SECRET } from './signature-vectors.ts';

// Facts from the first edition of AWS's suite, whose requests have a Date and no X-Amz-Date, as botocore had it until
// 2019 (tests/unit/auth/aws4_testsuite, Apache-2.0). The day of the week in their Date is wrong, and is never checked.
const DATE = 'Mon, 09 Sep 2011 23:36:00 GMT';
const SCOPE = '20110909/us-east-1/host/aws4_request';
const FORM = 'application/x-www-form-urlencoded';

type Dated = [name: string, target: string, headers: Record<string, string>, body: string, signature: string];
const DATED: Dated[] = [
  ['get-vanilla', 'GET /', {}, '', 'b27ccfbfa7df52a200ff74193ca6e32d4b48b8856fab7ebf1c595d0670a7e470'],
  ['post-vanilla', 'POST /', {}, '', '22902d79e148b64e7571c3565769328423fe276eae4b26f83afceda9e767f726'],
  ['post-vanilla-query', 'POST /?foo=bar', {}, '', 'b6e3b79003ce0743a491606ba1035a804593b0efb1e20a11cba83f8c25a57a92'],
  [
    ...(['get-vanilla-query-order-key-case', 'GET /?foo=Zoo&foo=aha', {}, ''] as const),
    'be7148d34ebccdc6423b19085378aa0bee970bdc61d144bd1a8c48c33079ab09',
  ],
  [
    ...(['post-header-value-case', 'POST /', { zoo: 'ZOOBAR' }, ''] as const),
    '273313af9d0c265c531e11db70bbd653f3ba074c1009239e8559d3987039cad7',
  ],
  [
    ...(['get-header-value-trim', 'POST /', { p: ' phfft ' }, ''] as const),
    'debf546796015d6f6ded8626f5ce98597c33b47b9164cf6b17b4642036fcb592',
  ],
  [
    ...(['post-x-www-form-urlencoded', 'POST /', { 'content-type': FORM }, 'foo=bar'] as const),
    '5a15b22cf462f047318703b92e6f4f38884e4a7ab7b1d6426ca46a8bd1c26cbc',
  ],
];

it.each(DATED)(
  'a signature over a Date header that AWS has published is valid: %s',
  async (_name, target, more, body, right) => {
    const [method = '', path] = target.split(' ');
    const headers = new Headers({ ...more, host: 'host.foo.com', date: DATE });
    const names = [...headers.keys()].sort().join(';');
    const url = new URL(`http://host.foo.com${path}`);
    const verify = (signature: string) => {
      headers.set(
        'authorization',
        `AWS4-HMAC-SHA256 Credential=${ACCESS_KEY_ID}/${SCOPE}, SignedHeaders=${names}, Signature=${signature}`,
      );
      const request = { operation: 'ListCommands', method, url, headers, body };
      return verifySignature(request, readCredential(headers, url.searchParams), SECRET, Date.parse(DATE));
    };
    await expect(verify(right)).resolves.toBeUndefined();
    await expect(verify(right.replace(/^./, 'f'))).rejects.toMatchObject({ code: 'InvalidSignatureException' });
  },
);

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
const hex = (text: string) => createHash('sha256').update(text).digest('hex');

interface ByDate {
  /** The date as it is written in the header. */
  date: string;
  /** The date as it is signed, in the basic format. */
  signedAt?: string;
  more?: Record<string, string>;
  /** Headers that are sent but not signed. */
  unsigned?: string[];
}

function setUp() {
  const trial = callerTrial();
  const { accessKeyId, secretAccessKey } = trial.key();
  /** Signs without the library that the other tests use: that library uses only X-Amz-Date. */
  const askBy = async ({ date, signedAt = '20260301T093000Z', more = {}, unsigned = [] }: ByDate) => {
    const headers: Record<string, string> = {
      ...{ 'content-type': 'application/x-amz-json-1.1', date, host: 'localhost' },
      ...{ 'x-amz-target': 'AmazonSSM.ListCommands', ...more },
    };
    const names = Object.keys(headers)
      .sort()
      .filter((name) => !unsigned.includes(name));
    const lines = names.map((name) => `${name}:${headers[name]}\n`).join('');
    const canonical = `POST\n/\n\n${lines}\n${names.join(';')}\n${hex('{}')}`;
    const scope = [signedAt.slice(0, 8), 'eu-west-1', 'ssm', 'aws4_request'];
    const key = scope.reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`);
    const signature = hmac(key, `AWS4-HMAC-SHA256\n${signedAt}\n${scope.join('/')}\n${hex(canonical)}`).toString('hex');
    const credential = [accessKeyId, ...scope].join('/');
    const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
    return trial.ask(
      new Request('http://localhost/', { method: 'POST', headers: { ...headers, authorization }, body: '{}' }),
    );
  };
  return { ...trial, askBy };
}

describe('a request with a Date header', () => {
  const HTTP = 'Sun, 01 Mar 2026 09:30:00 GMT';
  const amz = (text: string) => ({ 'x-amz-date': text });

  it('needs no X-Amz-Date, if its Date has the form of HTTP or the basic format', async () => {
    const { askBy, asked } = setUp();
    expect(await askBy({ date: HTTP })).toMatchObject(SERVED);
    expect(await askBy({ date: '20260301T093000Z' })).toMatchObject(SERVED);
    expect(asked).toMatchObject([{ caller: 'reports' }, { caller: 'reports' }]);
  });

  it('must sign the Date, and the Date must fit the clock and the scope', async () => {
    const { askBy } = setUp();
    const { given, expected } = await answers<ByDate>(
      [
        [
          'unsigned',
          { date: HTTP, unsigned: ['date'] },
          invalid("'date' must be a 'SignedHeader' in the AWS Authorization."),
        ],
        [
          'late',
          { date: 'Sun, 01 Mar 2026 09:14:59 GMT', signedAt: '20260301T091459Z' },
          invalid(
            'Signature expired: 20260301T091459Z is now earlier than 20260301T091500Z (20260301T093000Z - 15 min.)',
          ),
        ],
        ['the last second', { date: 'Sun, 01 Mar 2026 09:15:00 GMT', signedAt: '20260301T091500Z' }, SERVED],
        ['another Date than the signed one', { date: 'Sun, 01 Mar 2026 09:30:01 GMT' }, MISMATCH],
        [
          'another day than its scope',
          { date: 'Sat, 28 Feb 2026 09:30:00 GMT' },
          invalid(
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20260301' != '20260228', from 'Sat, 28 Feb 2026 09:30:00 GMT'.",
          ),
        ],
      ],
      askBy,
    );
    expect(given).toEqual(expected);
  });

  it('is refused if its Date has any other form', async () => {
    const { askBy } = setUp();
    const odd = [
      '2026-03-01T09:30:00Z',
      '1 Mar 2026',
      'Sun, 01 Mar 2026 09:30:00 +0000',
      'Sunday, 01-Mar-26 09:30:00 GMT',
      'now',
    ];
    const { given, expected } = await answers<ByDate>(
      odd.map((date) => [
        date,
        { date },
        incomplete(`Date must be in ISO-8601 'basic format'. Got '${date}'. See http://en.wikipedia.org/wiki/ISO_8601`),
      ]),
      askBy,
    );
    expect(given).toEqual(expected);
  });

  it('is dated by X-Amz-Date if it has both headers, whether it signs the Date or not', async () => {
    const { askBy } = setUp();
    const old = 'Wed, 01 Jan 2020 00:00:00 GMT';
    const more = amz('20260301T093000Z');
    expect(await askBy({ date: old, more, unsigned: ['date'] })).toMatchObject(SERVED);
    expect(await askBy({ date: old, more })).toMatchObject(SERVED);
    expect(await askBy({ date: HTTP, more, unsigned: ['x-amz-date'] })).toMatchObject(
      invalid("'x-amz-date' must be a 'SignedHeader' in the AWS Authorization."),
    );
    expect(await askBy({ date: HTTP, more: amz('20200101T000000Z') })).toMatchObject({
      code: 'InvalidSignatureException',
    });
  });
});
