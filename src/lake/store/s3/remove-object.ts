import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { ReplyUnreadable } from '../../../upstream/errors.ts';
import { LakeFault } from '../lake-fault.ts';
import { LakeConflict, type ObjectVersion, VersionsHidden } from '../object-store.ts';
import { identifyObject } from './identify-object.ts';
import { type LakeBucket, objectOf } from './lake-bucket.ts';

/** Lists all versions of an object, its markers of deletions, and its uploads that never ended. */
export async function listVersions(lake: LakeBucket, key: string): Promise<ObjectVersion[]> {
  try {
    return [...(await storedVersions(lake, key)), ...(await unendedUploads(lake, key))];
  } catch (error) {
    if (!isForbidden(error)) throw error;
    const { bucket, name } = lake;
    throw new VersionsHidden(
      `The lake ${name}: its versions can't be listed. Grant s3:ListBucketVersions and s3:ListBucketMultipartUploads on arn:aws:s3:::${bucket} to the identity that ssm-archive runs as.`,
      { cause: error },
    );
  }
}

/**
 * Removes all versions of an object but the present one with the digest `keep`, and lists them again: a store that says
 * "done" and keeps a version must not count as one that forgets.
 */
export async function removeVersions(lake: LakeBucket, key: string, keep: string | undefined): Promise<number> {
  if (keep !== undefined && (await identifyObject(lake, key))?.sha256 !== keep)
    throw new LakeConflict(`${lake.name}${key} is another object than the one that this archive has put there.`);
  const stays = (version: ObjectVersion) => keep !== undefined && version.kind === 'version' && version.isPresent;
  const gone = (await listVersions(lake, key)).filter((version) => !stays(version));
  for (const version of gone) await removeVersion(lake, key, version);
  const left = gone.length === 0 ? [] : (await listVersions(lake, key)).filter((version) => !stays(version));
  if (left.length > 0)
    throw new LakeFault(
      `The lake ${lake.name}: ${left.length} versions of ${key} are still there after they were deleted. Look whether the bucket is replicated or locked.`,
    );
  return gone.filter(({ kind }) => kind !== 'deletion').length;
}

/** What is retained in mode GOVERNANCE goes too, if the identity may do that: a person has ordered it. */
async function removeVersion(lake: LakeBucket, key: string, { kind, id }: ObjectVersion): Promise<void> {
  const object = objectOf(lake, key);
  try {
    if (kind === 'upload') await lake.client.send(new AbortMultipartUploadCommand({ ...object, UploadId: id }));
    else await lake.client.send(new DeleteObjectCommand({ ...object, VersionId: id }));
  } catch (error) {
    if (!isForbidden(error)) throw error;
    try {
      await lake.client.send(new DeleteObjectCommand({ ...object, VersionId: id, BypassGovernanceRetention: true }));
    } catch (second) {
      if (!isForbidden(second)) throw second;
      throw new LakeFault(
        `The lake ${lake.name}: ${key} can't be deleted for ever (${second.message}). Grant s3:DeleteObject and s3:DeleteObjectVersion on arn:aws:s3:::${lake.bucket}/${lake.prefix}* to the identity that prunes. What Object Lock retains in mode GOVERNANCE needs s3:BypassGovernanceRetention too; in mode COMPLIANCE, or under a legal hold, nobody can delete it before it ends.`,
        { cause: second },
      );
    }
  }
}

async function storedVersions({ client, bucket, prefix }: LakeBucket, key: string): Promise<ObjectVersion[]> {
  const found: ObjectVersion[] = [];
  const asked = { Bucket: bucket, Prefix: prefix + key };
  for (let from: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {}; ; ) {
    const page = await client.send(new ListObjectVersionsCommand({ ...asked, ...from }));
    if (page.Name === undefined)
      throw new ReplyUnreadable('The server that answered is not S3: it sent no list of versions.');
    for (const { Key, VersionId: id, IsLatest = false } of page.Versions ?? [])
      if (Key === prefix + key) found.push({ kind: 'version', id, isPresent: IsLatest });
    for (const { Key, VersionId: id } of page.DeleteMarkers ?? [])
      if (Key === prefix + key) found.push({ kind: 'deletion', id, isPresent: false });
    if (page.IsTruncated !== true) return found;
    from = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
  }
}

/** The parts of an upload that was killed hold rows too, and no list of objects shows them. */
async function unendedUploads({ client, bucket, prefix }: LakeBucket, key: string): Promise<ObjectVersion[]> {
  const found: ObjectVersion[] = [];
  const asked = { Bucket: bucket, Prefix: prefix + key };
  for (let from: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } = {}; ; ) {
    const page = await client.send(new ListMultipartUploadsCommand({ ...asked, ...from }));
    for (const { Key, UploadId: id } of page.Uploads ?? [])
      if (Key === prefix + key) found.push({ kind: 'upload', id, isPresent: false });
    if (page.IsTruncated !== true) return found;
    from = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
  }
}

function isForbidden(error: unknown): error is S3ServiceException {
  return error instanceof S3ServiceException && error.$metadata.httpStatusCode === 403;
}
