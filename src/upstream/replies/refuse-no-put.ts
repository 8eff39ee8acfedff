import type { PutObjectCommandOutput } from '@aws-sdk/client-s3';
import { sha256 } from '../../lib/sha256.ts';
import { ReplyUnreadable } from '../errors.ts';

/**
 * Throws ReplyUnreadable for a reply to PutObject with status 200 that does not come from an object store. A store
 * names the object's ETag, and if it names a checksum, that is the checksum of our text. A web server or a proxy that
 * answers a PUT sends neither.
 */
export function refuseNoPut(output: PutObjectCommandOutput | undefined, text: string): void {
  const { ETag, ChecksumSHA256 } = output ?? {};
  if (!ETag)
    throw new ReplyUnreadable('The server that answered is not S3: it sent status 200 and no ETag of the object.');
  if (ChecksumSHA256 !== undefined && ChecksumSHA256 !== sha256(text).toString('base64'))
    throw new ReplyUnreadable(
      'The server that answered has stored something else: its checksum differs from that of the text.',
    );
}
