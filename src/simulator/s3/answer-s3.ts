import { createHash } from 'node:crypto';
import { partitionOf } from '../../http/aws/arn.ts';
import { AwsError } from '../../http/aws/aws-error.ts';
import { type Credential, readCredential } from '../../http/aws/read-credential.ts';
import type { Callers } from '../create-callers.ts';
import type { SimulatorFaults } from '../faults.ts';
import { BUCKETS } from '../fleet/command-plan.ts';
import type { Site } from '../fleet/create-site.ts';
import { wholeStream } from '../outputs/step-output.ts';
import { listReply } from './list-reply.ts';
import { readRange } from './read-range.ts';
import { errorReply, requestIds, S3Error, xmlReply } from './s3-reply.ts';
import { type Buckets, findObject, listObjects, type StoredObject } from './stored-objects.ts';

export interface S3Context {
  readonly sites: readonly Site[];
  readonly callers: Callers;
  readonly faults: SimulatorFaults;
  /** The region of each bucket. A bucket that is not named is wherever it is asked for. */
  readonly bucketRegions: Readonly<Record<string, string>>;
  /** The service's clock. */
  readonly now: () => Date;
}

/** What a request asks for. */
export interface S3Request {
  readonly operation: 'GetObject' | 'HeadObject' | 'ListObjectsV2' | 'HeadBucket';
  readonly bucket: string;
  readonly key: string;
}

const ACTIONS = {
  GetObject: 's3:GetObject',
  HeadObject: 's3:GetObject',
  ListObjectsV2: 's3:ListBucket',
  HeadBucket: 's3:ListBucket',
} as const;

/** Returns what a path-style request asks for, or undefined if the simulator has no such operation. */
export function readS3Request(method: string, url: URL): S3Request | undefined {
  const [bucket = '', ...parts] = url.pathname.slice(1).split('/');
  const key = decode(parts.join('/'));
  const isHead = method === 'HEAD';
  if (bucket === '' || key === undefined || (method !== 'GET' && !isHead)) return undefined;
  if (key !== '') return { operation: isHead ? 'HeadObject' : 'GetObject', bucket, key };
  if (isHead) return { operation: 'HeadBucket', bucket, key };
  return url.searchParams.get('list-type') === '2' ? { operation: 'ListObjectsV2', bucket, key } : undefined;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Answers S3's reading operations on the buckets that the fleet's commands name. */
export function answerS3(context: S3Context, request: Request, asked: S3Request): Response {
  const date = context.now();
  try {
    return answer(context, request, asked, date);
  } catch (thrown) {
    const isHead = request.method === 'HEAD';
    if (thrown instanceof S3Error) return errorReply(thrown, isHead, date);
    if (thrown instanceof AwsError) return errorReply(asS3Error(thrown), isHead, date);
    throw thrown;
  }
}

function answer(context: S3Context, request: Request, asked: S3Request, date: Date): Response {
  const { bucket, key, operation } = asked;
  const url = new URL(request.url);
  const credential = readCredential(request.headers, url.searchParams);
  const region = regionOf(context, bucket, credential);
  const resource = `arn:${partitionOf(region)}:s3:::${bucket}${key === '' ? '' : `/${key}`}`;
  const action = ACTIONS[operation];
  context.callers.resolveScope(credential, { operation, action, resource: `"${resource}"`, store: bucket });
  const headers = { ...requestIds(), date: date.toUTCString(), server: 'AmazonS3' };
  if (operation === 'HeadBucket') {
    return new Response(null, { headers: { ...headers, 'x-amz-bucket-region': region } });
  }
  const buckets: Buckets = { sites: context.sites, nowMs: date.getTime(), lifeMs: context.faults.objectLifeMs };
  if (operation === 'ListObjectsV2') {
    const found = listObjects(buckets, bucket, url.searchParams.get('prefix') ?? '');
    return xmlReply(200, listReply(bucket, url.searchParams, found), headers);
  }
  const object = findObject(buckets, bucket, key);
  if (object) return objectReply(object, request, headers);
  // Who may not list a bucket is not told either that an object is missing.
  if (context.faults.deniedOperations.includes('ListObjectsV2'))
    throw new S3Error(403, 'AccessDenied', 'Access Denied');
  throw new S3Error(404, 'NoSuchKey', 'The specified key does not exist.', { Key: key });
}

/** Returns the region of a bucket. Throws if there is no such bucket, or if it was asked for in another region. */
function regionOf({ faults, bucketRegions }: S3Context, bucket: string, { region }: Credential): string {
  if (!BUCKETS.some((name) => name === bucket) || faults.deletedStores.includes(bucket)) {
    throw new S3Error(404, 'NoSuchBucket', 'The specified bucket does not exist', { BucketName: bucket });
  }
  const own = bucketRegions[bucket] ?? region;
  if (own === region) return own;
  throw new S3Error(
    301,
    'PermanentRedirect',
    'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
    { Endpoint: `${bucket}.s3.${own}.amazonaws.com`, Bucket: bucket },
    { 'x-amz-bucket-region': own },
  );
}

function objectReply(object: StoredObject, request: Request, headers: Record<string, string>): Response {
  const bytes = wholeStream(object.stream);
  const etag = `"${createHash('md5').update(bytes).digest('hex')}"`;
  const wanted = request.headers.get('if-match');
  if (wanted !== null && wanted !== '*' && wanted.replaceAll('"', '') !== etag.replaceAll('"', '')) {
    const message = 'At least one of the pre-conditions you specified did not hold';
    throw new S3Error(412, 'PreconditionFailed', message, { Condition: 'If-Match' });
  }
  const range = readRange(request.headers.get('range'), bytes.length);
  if (range === 'none') {
    const details = { RangeRequested: request.headers.get('range') ?? '', ActualObjectSize: String(bytes.length) };
    throw new S3Error(416, 'InvalidRange', 'The requested range is not satisfiable', details);
  }
  const part = range === 'whole' ? bytes : bytes.subarray(range.first, range.last + 1);
  const all = {
    ...headers,
    etag,
    'last-modified': new Date(object.modifiedMs).toUTCString(),
    'accept-ranges': 'bytes',
    'content-type': 'binary/octet-stream',
    'content-length': String(part.length),
    ...(range !== 'whole' && { 'content-range': `bytes ${range.first}-${range.last}/${bytes.length}` }),
  };
  const body = request.method === 'HEAD' ? null : new Uint8Array(part);
  return new Response(body, { status: range === 'whole' ? 200 : 206, headers: all });
}

/** Returns S3's own form of a refusal that all services have in common. */
function asS3Error({ code, text = '' }: AwsError): S3Error {
  if (code === 'ThrottlingException') return new S3Error(503, 'SlowDown', 'Please reduce your request rate.');
  if (code === 'InternalServerError') {
    return new S3Error(500, 'InternalError', 'We encountered an internal error. Please try again.');
  }
  if (code === 'ExpiredTokenException') return new S3Error(400, 'ExpiredToken', 'The provided token has expired.');
  return new S3Error(403, 'AccessDenied', code === 'AccessDeniedException' ? text : 'Access Denied');
}
