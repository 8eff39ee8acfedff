import { createHash } from 'node:crypto';
import { HeadObjectCommand, type HeadObjectCommandOutput, S3ServiceException } from '@aws-sdk/client-s3';
import { ReplyUnreadable } from '../../../upstream/errors.ts';
import { type LakeBucket, objectOf } from './lake-bucket.ts';
import { ObjectReplaced, readRanges } from './read-ranges.ts';

/** What is at a place of the lake. */
export interface FoundObject {
  /** The version, for a condition. */
  etag: string;
  sizeBytes: number;
  /** The SHA-256 of the content in hex, if the store has held the content to it. */
  checksum: string | undefined;
}

/** Returns what is at a place; undefined if nothing is there. */
export async function headObject(lake: LakeBucket, key: string): Promise<FoundObject | undefined> {
  let reply: HeadObjectCommandOutput;
  try {
    reply = await lake.client.send(new HeadObjectCommand({ ...objectOf(lake, key), ChecksumMode: 'ENABLED' }));
  } catch (error) {
    // The reply has no body that would say whether it is the bucket that is missing: the put that follows finds out.
    if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404) return undefined;
    throw error;
  }
  const { ETag: etag, ContentLength: sizeBytes } = reply;
  if (etag === undefined || sizeBytes === undefined)
    throw new ReplyUnreadable('The server that answered is not S3: it named no ETag and no size of the object.');
  return { etag, sizeBytes, checksum: checksumOf(reply) };
}

/** Returns the SHA-256, in hex, of what is at a place, and its version; undefined if nothing is there. */
export async function identifyObject(
  lake: LakeBucket,
  key: string,
): Promise<{ etag: string; sha256: string } | undefined> {
  const found = await headObject(lake, key);
  if (!found) return undefined;
  const { etag, checksum } = found;
  if (checksum !== undefined) return { etag, sha256: checksum };
  const hash = createHash('sha256');
  try {
    for await (const bytes of readRanges(lake, key, etag)) hash.update(bytes);
  } catch (error) {
    if (error instanceof ObjectReplaced) return identifyObject(lake, key);
    throw error;
  }
  return { etag, sha256: hash.digest('hex') };
}

/**
 * The checksum of an object that was sent in parts is one of the checksums of the parts. S3 says so and adds their
 * number; other stores do not, and only the version tells.
 */
function checksumOf({ ChecksumSHA256, ChecksumType, ETag = '' }: HeadObjectCommandOutput): string | undefined {
  const isOfParts = ChecksumType === 'COMPOSITE' || /-\d+"?$/.test(ETag) || ChecksumSHA256?.includes('-');
  return ChecksumSHA256 === undefined || isOfParts ? undefined : Buffer.from(ChecksumSHA256, 'base64').toString('hex');
}
