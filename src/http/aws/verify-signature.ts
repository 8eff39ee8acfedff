import { createHash, timingSafeEqual } from 'node:crypto';
import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';
import type { HttpRequest } from '@smithy/types';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../lib/time.ts';
import { AwsError } from './aws-error.ts';
import type { SignedRequest } from './create-aws-app.ts';
import type { Credential } from './read-credential.ts';

/** How far the clocks of a client and the server may be apart. */
const WINDOW_MS = 15 * MINUTE_MS;
const LONGEST_PRESIGNED_MS = 7 * DAY_MS;
/** As a signature names it; Headers throws for a name that is none. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
const LONG_DATE = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;

/**
 * Checks a request's Signature Version 4 against the secret of the key that it names, at a time. What a signature leaves out
 * is not believed: the host, the date and the operation have to be signed. Throws the service's own errors.
 */
export async function verifySignature(
  request: SignedRequest,
  credential: Credential,
  secretAccessKey: string,
  nowMs: number,
): Promise<void> {
  const { headers, url } = request;
  const isPresigned = credential.form === 'presigned';
  const stated = (isPresigned ? url.searchParams.get('X-Amz-Date') : headers.get('x-amz-date')) ?? '';
  const signedMs = timeOf(stated);
  if (signedMs === undefined) {
    throw new AwsError(
      'IncompleteSignatureException',
      `Date must be in ISO-8601 'basic format', in X-Amz-Date. Got '${stated}'. See http://en.wikipedia.org/wiki/ISO_8601`,
    );
  }
  if (credential.date !== stated.slice(0, 8)) {
    throw new AwsError(
      'InvalidSignatureException',
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${credential.date}' != '${stated.slice(0, 8)}', from '${stated}'.`,
    );
  }
  refuseUnsigned(request, credential);
  // A signature counts whole seconds, and so do the sentences that refuse one.
  refuseOtherTime(url, isPresigned, stated, signedMs, nowMs - (nowMs % SECOND_MS));
  const expected = await signatureOf(request, credential, secretAccessKey, new Date(signedMs));
  if (!isEqual(expected, credential.signature)) throw wrongSignature();
}

function refuseUnsigned({ headers, body }: SignedRequest, { signedHeaders, form }: Credential): void {
  const needed = ['host', ...(form === 'header' ? ['x-amz-date'] : [])];
  if (headers.has('x-amz-target')) needed.push('x-amz-target');
  for (const name of needed) {
    if (!signedHeaders.includes(name))
      throw new AwsError('InvalidSignatureException', `'${name}' must be a 'SignedHeader' in the AWS Authorization.`);
  }
  for (const name of signedHeaders) {
    if (!HEADER_NAME.test(name) || !headers.has(name)) throw wrongSignature();
  }
  const stated = headers.get('x-amz-content-sha256');
  // A signature over a digest says nothing of a body that has another.
  if (stated !== null && stated !== createHash('sha256').update(body).digest('hex')) throw wrongSignature();
}

function refuseOtherTime(url: URL, isPresigned: boolean, stated: string, signedMs: number, nowMs: number): void {
  const now = longDate(nowMs);
  if (signedMs - nowMs > WINDOW_MS) {
    throw new AwsError(
      'InvalidSignatureException',
      `Signature not yet current: ${stated} is still later than ${longDate(nowMs + WINDOW_MS)} (${now} + 15 min.)`,
    );
  }
  const validMs = isPresigned ? presignedMs(url) : WINDOW_MS;
  if (nowMs - signedMs > validMs) {
    const since = isPresigned ? '' : ` (${now} - 15 min.)`;
    throw new AwsError(
      'InvalidSignatureException',
      `Signature expired: ${stated} is now earlier than ${longDate(nowMs - validMs)}${since}`,
    );
  }
}

function presignedMs(url: URL): number {
  const stated = url.searchParams.get('X-Amz-Expires') ?? '';
  const ms = Number(stated) * SECOND_MS;
  if (/^\d{1,6}$/.test(stated) && ms >= SECOND_MS && ms <= LONGEST_PRESIGNED_MS) return ms;
  throw new AwsError(
    'IncompleteSignatureException',
    `X-Amz-Expires must be a number of seconds between 1 and 604800, not '${stated}'.`,
  );
}

/** The signature that the secret gives the request, by the library that the SDK signs with. */
async function signatureOf(
  { method, url, headers, body }: SignedRequest,
  { accessKeyId, region, service, signedHeaders, form }: Credential,
  secretAccessKey: string,
  signingDate: Date,
): Promise<string> {
  const signer = new SignatureV4({
    ...{ service, region, credentials: { accessKeyId, secretAccessKey }, applyChecksum: false },
    sha256: Hash.bind(null, 'sha256'),
  });
  const names = new Set(signedHeaders);
  const request: HttpRequest = {
    ...{ method, protocol: url.protocol, hostname: url.hostname, path: url.pathname, body },
    headers: Object.fromEntries(signedHeaders.map((name) => [name, headers.get(name) ?? ''])),
    query: queryOf(url.searchParams, form),
  };
  if (form === 'header') {
    const signed = await signer.sign(request, { signingDate, signableHeaders: names });
    return /Signature=([0-9a-f]+)$/.exec(signed.headers.authorization ?? '')?.[1] ?? '';
  }
  const expiresIn = Number(url.searchParams.get('X-Amz-Expires'));
  const options = { signingDate, expiresIn, signableHeaders: names, unhoistableHeaders: names };
  const presigned = await signer.presign(request, options);
  return String(presigned.query?.['X-Amz-Signature'] ?? '');
}

/** What is signed of the query: all but what the library adds itself. */
function queryOf(parameters: URLSearchParams, form: Credential['form']): Record<string, string | string[]> {
  const added = ['X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-Date', 'X-Amz-Expires', 'X-Amz-SignedHeaders'];
  const left = form === 'presigned' ? [...added, 'X-Amz-Signature'] : [];
  const query = new Map<string, string | string[]>();
  for (const name of new Set(parameters.keys())) {
    const values = parameters.getAll(name);
    if (!left.includes(name)) query.set(name, values.length === 1 ? (values[0] ?? '') : values);
  }
  return Object.fromEntries(query);
}

function isEqual(expected: string, given: string): boolean {
  const [a, b] = [expected, given].map((text) => createHash('sha256').update(text).digest());
  return a !== undefined && b !== undefined && expected !== '' && timingSafeEqual(a, b);
}

function wrongSignature(): AwsError {
  return new AwsError(
    'InvalidSignatureException',
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  );
}

function timeOf(text: string): number | undefined {
  const match = LONG_DATE.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}

function longDate(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}
