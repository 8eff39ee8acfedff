import { createHash, timingSafeEqual } from 'node:crypto';
import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';
import type { HttpRequest } from '@smithy/types';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../lib/time.ts';
import { AwsError } from './aws-error.ts';
import type { SignedRequest } from './create-aws-app.ts';
import { ALGORITHM, type Credential } from './read-credential.ts';

/** The clocks of client and server may differ by this much. */
const WINDOW_MS = 15 * MINUTE_MS;
const LONGEST_PRESIGNED_MS = 7 * DAY_MS;
/** A valid name for a signed header. For an invalid name, the class Headers would throw. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
const LONG_DATE = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;
/** A Date header may have this form instead of the form of X-Amz-Date. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** The signature was not made with the key's secret. A caller that guesses secrets gets this error. */
export class WrongSignature extends AwsError {
  constructor() {
    super(
      'InvalidSignatureException',
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
    );
  }
}

/**
 * Checks the Signature Version 4 of a request with the secret of its key, at the time `nowMs`. The host, the date and
 * the operation must be signed, because parts that a signature does not cover cannot be trusted. Throws AWS's own
 * errors.
 */
export async function verifySignature(
  request: SignedRequest,
  credential: Credential,
  secretAccessKey: string,
  nowMs: number,
): Promise<void> {
  const { headers, url } = request;
  const isPresigned = credential.form === 'presigned';
  const dateHeader = headers.has('x-amz-date') ? 'x-amz-date' : 'date';
  const stated = (isPresigned ? url.searchParams.get('X-Amz-Date') : headers.get(dateHeader)) ?? '';
  const signedMs = timeOf(stated);
  if (signedMs === undefined) {
    throw new AwsError(
      'IncompleteSignatureException',
      `Date must be in ISO-8601 'basic format'. Got '${stated}'. See http://en.wikipedia.org/wiki/ISO_8601`,
    );
  }
  const date = longDate(signedMs).slice(0, 8);
  if (credential.date !== date) {
    throw new AwsError(
      'InvalidSignatureException',
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${credential.date}' != '${date}', from '${stated}'.`,
    );
  }
  refuseUnsigned(request, credential, isPresigned ? [] : [dateHeader]);
  // The times of signatures, and of the messages about them, have no fractions of seconds.
  refuseOtherTime(url, isPresigned, signedMs, nowMs - (nowMs % SECOND_MS));
  const expected = await signatureOf(request, credential, secretAccessKey, new Date(signedMs));
  if (!isEqual(expected, credential.signature)) throw new WrongSignature();
}

function refuseUnsigned({ headers, body }: SignedRequest, { signedHeaders }: Credential, dateHeaders: string[]): void {
  const needed = ['host', ...dateHeaders];
  if (headers.has('x-amz-target')) needed.push('x-amz-target');
  for (const name of needed) {
    if (!signedHeaders.includes(name))
      throw new AwsError('InvalidSignatureException', `'${name}' must be a 'SignedHeader' in the AWS Authorization.`);
  }
  for (const name of signedHeaders) {
    if (!HEADER_NAME.test(name) || !headers.has(name)) throw new WrongSignature();
  }
  const stated = headers.get('x-amz-content-sha256');
  // The signature covers only this digest of the body, so the body must have the same digest.
  if (stated !== null && stated !== digestOf(body)) throw new WrongSignature();
}

function refuseOtherTime(url: URL, isPresigned: boolean, signedMs: number, nowMs: number): void {
  const [stated, now] = [longDate(signedMs), longDate(nowMs)];
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

/**
 * Runs the library's steps of signing one by one. The library's function for all steps would set a new date instead of
 * the signed one.
 */
class StepwiseSigner extends SignatureV4 {
  async signatureOf(request: HttpRequest, payloadHash: string, scope: string, signingDate: Date): Promise<string> {
    const canonical = this.createCanonicalRequest(request, request.headers, payloadHash);
    const text = await this.createStringToSign(longDate(signingDate.getTime()), scope, canonical, ALGORITHM);
    return this.sign(text, { signingDate });
  }
}

/** Returns the correct signature of a request for a secret, computed by the same library that signs in the SDK. */
function signatureOf(
  { method, url, headers, body }: SignedRequest,
  { accessKeyId, date, region, service, signedHeaders }: Credential,
  secretAccessKey: string,
  signingDate: Date,
): Promise<string> {
  const signer = new StepwiseSigner({
    ...{ service, region, credentials: { accessKeyId, secretAccessKey } },
    sha256: Hash.bind(null, 'sha256'),
  });
  const canonical = (name: string) => (headers.get(name) ?? '').replaceAll(/[ \t]+/g, ' ');
  const request: HttpRequest = {
    ...{ method, protocol: url.protocol, hostname: url.hostname, path: url.pathname },
    headers: Object.fromEntries(signedHeaders.map((name) => [name, canonical(name)])),
    query: queryOf(url.searchParams),
  };
  return signer.signatureOf(request, digestOf(body), `${date}/${region}/${service}/aws4_request`, signingDate);
}

/** Returns the whole query. The library itself ignores the signature in it. */
function queryOf(parameters: URLSearchParams): Record<string, string[]> {
  return Object.fromEntries([...new Set(parameters.keys())].map((name) => [name, parameters.getAll(name)]));
}

function digestOf(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}

function isEqual(expected: string, given: string): boolean {
  const [a, b] = [expected, given].map((text) => createHash('sha256').update(text).digest());
  return a !== undefined && b !== undefined && expected !== '' && timingSafeEqual(a, b);
}

function timeOf(text: string): number | undefined {
  if (!LONG_DATE.test(text) && !HTTP_DATE.test(text)) return undefined;
  const ms = Date.parse(text.replace(LONG_DATE, '$1-$2-$3T$4:$5:$6Z'));
  return Number.isNaN(ms) ? undefined : ms;
}

function longDate(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}
