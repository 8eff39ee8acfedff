import { elements, S3Error } from './s3-reply.ts';
import type { StoredObject } from './stored-objects.ts';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';
const MOST_KEYS = 1000;

/** Returns the XML of a page of ListObjectsV2. `objects` are all that have the prefix, in the order of their keys. */
export function listReply(bucket: string, query: URLSearchParams, objects: readonly StoredObject[]): string {
  if (query.has('delimiter')) {
    throw new S3Error(501, 'NotImplemented', 'A header you provided implies functionality that is not implemented');
  }
  const asked = Number(query.get('max-keys') ?? MOST_KEYS);
  if (!Number.isInteger(asked) || asked < 0) {
    throw new S3Error(400, 'InvalidArgument', 'Provided max-keys not an integer or within integer range');
  }
  const token = query.get('continuation-token');
  const after = token === null ? (query.get('start-after') ?? '') : readToken(token);
  const most = Math.min(asked, MOST_KEYS);
  const rest = objects.filter(({ key }) => Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0);
  const page = rest.slice(0, most);
  const last = page.at(-1);
  const isTruncated = last !== undefined && rest.length > page.length;
  const isEncoded = query.get('encoding-type') === 'url';
  const keyOf = (key: string) => (isEncoded ? encodeURIComponent(key).replaceAll('%2F', '/') : key);
  const head = elements({
    Name: bucket,
    Prefix: keyOf(query.get('prefix') ?? ''),
    KeyCount: page.length,
    MaxKeys: most,
    IsTruncated: isTruncated,
    ...(token !== null && { ContinuationToken: token }),
    ...(isTruncated && { NextContinuationToken: Buffer.from(last.key).toString('base64url') }),
    ...(isEncoded && { EncodingType: 'url' }),
  });
  const contents = page.map(({ key, size, modifiedMs }) => {
    const LastModified = new Date(Math.floor(modifiedMs / 1000) * 1000).toISOString();
    return `<Contents>${elements({ Key: keyOf(key), LastModified, Size: size, StorageClass: 'STANDARD' })}</Contents>`;
  });
  return `<ListBucketResult xmlns="${NAMESPACE}">${head}${contents.join('')}</ListBucketResult>`;
}

function readToken(token: string): string {
  const key = Buffer.from(token, 'base64url').toString();
  if (key !== '') return key;
  throw new S3Error(400, 'InvalidArgument', 'The continuation token provided is incorrect');
}
