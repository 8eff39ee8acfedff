import { Readable } from 'node:stream';
import { GetObjectCommand, type GetObjectCommandOutput, S3ServiceException } from '@aws-sdk/client-s3';
import { ReplyUnreadable } from '../../../upstream/errors.ts';
import { type LakeBucket, objectOf, PART_BYTES } from './lake-bucket.ts';

const RANGE = /^bytes (\d+)-(\d+)\/(\d+)$/;
/** A body that breaks off is asked for again. The SDK repeats a call only up to the headers of its reply. */
const ATTEMPTS = 4;

/** The object was replaced by another one while it was read. */
export class ObjectReplaced extends Error {
  override name = 'ObjectReplaced';
}

/**
 * Yields the bytes of an object, a part at a time, all of them of one version. Throws ObjectReplaced if the version is
 * no longer there; the SDK's error if there is no object or if it can't be read.
 */
export async function* readRanges(lake: LakeBucket, key: string, etag?: string): AsyncGenerator<Buffer> {
  let version = etag;
  let total = 1;
  for (let from = 0; from < total; ) {
    const part = await readPart(lake, { key, from, etag: version });
    if (!part) return;
    version = part.etag;
    total = part.total;
    from += part.bytes.length;
    yield part.bytes;
  }
}

interface Part {
  bytes: Buffer;
  total: number;
  etag: string;
}

/** Returns undefined for an empty object, which has no first byte. */
async function readPart(
  lake: LakeBucket,
  { key, from, etag }: { key: string; from: number; etag: string | undefined },
): Promise<Part | undefined> {
  const Range = `bytes=${from}-${from + PART_BYTES - 1}`;
  for (let attempt = 1; ; attempt++) {
    let reply: GetObjectCommandOutput;
    try {
      reply = await lake.client.send(
        new GetObjectCommand({ ...objectOf(lake, key), Range, ...(etag !== undefined && { IfMatch: etag }) }),
      );
    } catch (error) {
      if (!(error instanceof S3ServiceException)) throw error;
      if (from === 0 && error.name === 'InvalidRange') return undefined;
      if (error.name === 'PreconditionFailed' || (from > 0 && error.name === 'InvalidRange'))
        throw new ObjectReplaced(`${key} was replaced while it was read.`, { cause: error });
      throw error;
    }
    try {
      return await readReply(reply, from);
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

/** Without the range and the ETag a part would be taken for the whole, or the page of a proxy for the object. */
async function readReply(reply: GetObjectCommandOutput, from: number): Promise<Part> {
  const { Body, ContentRange = '', ETag } = reply;
  if (!(Body instanceof Readable)) throw new ReplyUnreadable('The reply to GetObject has no body.');
  const [, first, last, total] = RANGE.exec(ContentRange) ?? [];
  if (Number(first) !== from || ETag === undefined) {
    Body.destroy();
    throw new ReplyUnreadable('The reply to GetObject does not say which part of the object it is, as S3 would.');
  }
  const chunks: Buffer[] = [];
  for await (const chunk of Body) chunks.push(Buffer.from(chunk));
  const bytes = Buffer.concat(chunks);
  if (bytes.length === 0 || bytes.length !== Number(last) - from + 1)
    throw new ReplyUnreadable('The reply to GetObject ended before its end.');
  return { bytes, total: Number(total), etag: ETag };
}
