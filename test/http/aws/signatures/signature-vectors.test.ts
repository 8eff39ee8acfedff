import { describe, expect, it } from 'vitest';
import { readCredential } from '../../../../src/http/aws/read-credential.ts';
import { verifySignature } from '../../../../src/http/aws/verify-signature.ts';
import { ACCESS_KEY_ID, DATE, HOST, SCOPE, SECRET, VECTORS, type Vector } from './signature-vectors.ts';

// The endpoint itself accepts only POST / for `ssm` and `sts`, but the vectors are for a service named `service`. So
// the test gives them directly to the code that reads and verifies signatures. These parts of AWS's suite are left out:
// - header lines that repeat (get-header-key-duplicate, -value-order), because Node joins them with a comma and a
// space; - a header over several lines, because HTTP no longer allows that; - paths that a client has to escape
// (get-utf8, get-space), because every path here is `/`; - what is signed before a session token is added
// (post-sts-token), because it is the same as post-vanilla.

const AT = Date.parse('2015-08-30T12:36:00Z');

type Form = 'header' | 'presigned';

/** The request of a test vector, as a client sends it with this signature. */
function requestOf({ method, path, headers = {}, body = '' }: Vector, form: Form, signature: string) {
  const url = new URL(`http://${HOST}${path}`);
  const signed = new Headers({ ...headers, host: HOST });
  if (form === 'header') signed.set('x-amz-date', DATE);
  const names = [...signed.keys()].sort().join(';');
  const credential = `${ACCESS_KEY_ID}/${SCOPE}`;
  if (form === 'header') {
    const parts = [`Credential=${credential}`, `SignedHeaders=${names}`, `Signature=${signature}`];
    signed.set('authorization', `AWS4-HMAC-SHA256 ${parts.join(', ')}`);
  } else {
    const query = {
      Algorithm: 'AWS4-HMAC-SHA256',
      Credential: credential,
      Date: DATE,
      SignedHeaders: names,
      Expires: '3600',
    };
    for (const [name, value] of Object.entries(query)) url.searchParams.append(`X-Amz-${name}`, value);
    url.searchParams.append('X-Amz-Signature', signature);
  }
  return { operation: 'ListCommands', method, url, headers: signed, body };
}

function verify(request: ReturnType<typeof requestOf>, secret = SECRET): Promise<void> {
  const credential = readCredential(request.headers, request.url.searchParams);
  return verifySignature(request, credential, secret, AT);
}

const MISMATCH = {
  code: 'InvalidSignatureException',
  text: expect.stringMatching(/^The request signature we calculated/),
};

const cases = VECTORS.flatMap((vector) =>
  (['header', 'presigned'] as const).flatMap((form): [string, Form, Vector, string][] => {
    const right = form === 'header' ? vector.signature : vector.presigned;
    return right === undefined ? [] : [[vector.name, form, vector, right]];
  }),
);

describe('a signature that AWS has published', () => {
  it.each(cases)('is accepted: %s, %s', async (_name, form, vector, right) => {
    await expect(verify(requestOf(vector, form, right))).resolves.toBeUndefined();
  });

  it.each(cases)(
    'is refused with one digit changed, with another secret or for another method: %s, %s',
    async (_name, form, vector, right) => {
      const wrong = right.slice(0, -1) + (right.endsWith('0') ? '1' : '0');
      await expect(verify(requestOf(vector, form, wrong))).rejects.toMatchObject(MISMATCH);
      await expect(verify(requestOf(vector, form, right), SECRET.toLowerCase())).rejects.toMatchObject(MISMATCH);
      const other = vector.method === 'GET' ? 'POST' : 'GET';
      await expect(verify(requestOf({ ...vector, method: other }, form, right))).rejects.toMatchObject(MISMATCH);
    },
  );
});
