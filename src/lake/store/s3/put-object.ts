import { S3ServiceException } from '@aws-sdk/client-s3';
import { ReplyUnreadable } from '../../../upstream/errors.ts';
import { LakeConflict, type ObjectToPut } from '../object-store.ts';
import { headObject, identifyObject } from './identify-object.ts';
import type { LakeBucket } from './lake-bucket.ts';
import { uploadFile } from './upload-file.ts';

/**
 * The codes of a put whose condition did not hold, and of one that may have succeeded before: its reply was lost, and
 * the SDK sent it again. In each case what is there says whether the put is done.
 */
const LOOK_AGAIN = new Set(['PreconditionFailed', 'ConditionalRequestConflict', 'NoSuchUpload']);
const TRIES = 4;

/**
 * Puts an object, if what is at its place is nothing, or one of those that it replaces. Writers at the same time can't
 * replace each other's objects, since S3 itself compares what is there with what we have seen. Throws LakeConflict if
 * another object is at the place.
 */
export async function putObject(lake: LakeBucket, { key, path, sha256, replaces }: ObjectToPut): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const there = await identifyObject(lake, key);
    if (there?.sha256 === sha256) return;
    if (there && !replaces.includes(there.sha256)) throw conflict(lake, key, attempt);
    try {
      const condition = there ? { IfMatch: there.etag } : ({ IfNoneMatch: '*' } as const);
      const etag = await uploadFile(lake, { key, path, sha256, condition });
      await confirm(lake, key, { sha256, etag });
      return;
    } catch (error) {
      if (!(error instanceof S3ServiceException && LOOK_AGAIN.has(error.name))) throw error;
      if (attempt === TRIES) throw conflict(lake, key, attempt);
    }
  }
}

/** A store that takes a request and keeps nothing, or something else, must not count as the place of a sealed day. */
async function confirm(
  lake: LakeBucket,
  key: string,
  { sha256, etag }: { sha256: string; etag: string },
): Promise<void> {
  const found = await headObject(lake, key);
  if (found?.etag !== etag)
    throw new ReplyUnreadable(`The store took ${key}, and then ${found ? 'had another object there' : 'had nothing'}.`);
  if (found.checksum !== undefined && found.checksum !== sha256)
    throw new ReplyUnreadable(`The store took ${key}, and has another content for it.`);
}

function conflict({ name }: LakeBucket, key: string, attempt: number): LakeConflict {
  return new LakeConflict(
    attempt === 1
      ? `${name}${key} is another object than the one that this archive has put there.`
      : `Another program has put ${name}${key} into the lake at the same time.`,
  );
}
