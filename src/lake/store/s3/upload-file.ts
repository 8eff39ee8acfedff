import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { sha256Of } from '../../../lib/sha256.ts';
import { ReplyUnreadable } from '../../../upstream/errors.ts';
import { type LakeBucket, objectOf, PART_BYTES } from './lake-bucket.ts';
import { retentionOf } from './retain-object.ts';

/** What must be at the place when the object gets there: nothing, or the version of the object that it replaces. */
export type PutCondition = { IfNoneMatch: '*' } | { IfMatch: string };

interface FileToUpload {
  key: string;
  path: string;
  /** The SHA-256 of the file, in hex. */
  sha256: string;
  condition: PutCondition;
}

/**
 * Sends a file to S3, in parts if it is large, and returns the version that S3 named for it. The object is there whole
 * or not at all, and only if the condition still held at that moment. Throws the SDK's error if it did not.
 */
export async function uploadFile(lake: LakeBucket, file: FileToUpload): Promise<string> {
  const handle = await open(file.path, 'r');
  try {
    const { size } = await handle.stat();
    return size <= PART_BYTES ? await putWhole(lake, file, handle) : await putInParts(lake, file, { handle, size });
  } finally {
    await handle.close();
  }
}

async function putWhole(
  lake: LakeBucket,
  { key, path, sha256, condition }: FileToUpload,
  handle: FileHandle,
): Promise<string> {
  const body = await handle.readFile();
  const digest = sha256Of(body);
  if (digest.toString('hex') !== sha256) throw changed(path);
  const { ETag } = await lake.client.send(
    new PutObjectCommand({
      ...{ ...objectOf(lake, key), ...retentionOf(lake.lock, key, Date.now()), ...condition, Body: body },
      ...{
        ChecksumAlgorithm: 'SHA256',
        ChecksumSHA256: digest.toString('base64'),
        ContentType: 'application/octet-stream',
      },
    }),
  );
  return versionOf(ETag);
}

async function putInParts(
  lake: LakeBucket,
  { key, path, sha256, condition }: FileToUpload,
  { handle, size }: { handle: FileHandle; size: number },
): Promise<string> {
  const object = objectOf(lake, key);
  const { UploadId } = await lake.client.send(
    new CreateMultipartUploadCommand({
      ...{
        ...object,
        ...retentionOf(lake.lock, key, Date.now()),
        ChecksumAlgorithm: 'SHA256',
        ContentType: 'application/octet-stream',
      },
    }),
  );
  if (UploadId === undefined) throw notS3();
  try {
    const parts: CompletedPart[] = [];
    const whole = createHash('sha256');
    for (let from = 0; from < size; from += PART_BYTES) {
      const body = Buffer.alloc(Math.min(PART_BYTES, size - from));
      const { bytesRead } = await handle.read(body, 0, body.length, from);
      if (bytesRead !== body.length) throw changed(path);
      whole.update(body);
      const part = { PartNumber: parts.length + 1, ChecksumSHA256: sha256Of(body).toString('base64') };
      const { ETag } = await lake.client.send(new UploadPartCommand({ ...object, UploadId, ...part, Body: body }));
      parts.push({ ...part, ETag: versionOf(ETag) });
    }
    if (whole.digest('hex') !== sha256) throw changed(path);
    const { ETag } = await lake.client.send(
      new CompleteMultipartUploadCommand({ ...object, ...condition, UploadId, MultipartUpload: { Parts: parts } }),
    );
    return versionOf(ETag);
  } catch (error) {
    // Parts that stay cost money and nobody sees them. If they can't be removed now, a lifecycle rule can.
    await lake.client.send(new AbortMultipartUploadCommand({ ...object, UploadId })).catch(() => undefined);
    throw error;
  }
}

function versionOf(etag: string | undefined): string {
  if (!etag) throw notS3();
  return etag;
}

/** A web server or a proxy that answers a PUT names no ETag. */
function notS3(): ReplyUnreadable {
  return new ReplyUnreadable('The server that answered is not S3: it sent no ETag of the object.');
}

function changed(path: string): Error {
  return new Error(`${path} was changed while it was put into the lake.`);
}
