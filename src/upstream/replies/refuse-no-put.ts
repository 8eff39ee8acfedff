import type { PutObjectCommandOutput } from '@aws-sdk/client-s3';
import { sha256 } from '../../lib/sha256.ts';
import { ReplyUnreadable } from '../errors.ts';

/**
 * Throws ReplyUnreadable for a reply to PutObject with status 200 that no store of objects gives: each names the object's ETag, and one that
 * names the checksum too has to name ours. What a web server or a proxy answers to a PUT has neither.
 */
export function refuseNoPut(output: PutObjectCommandOutput | undefined, text: string): void {
  const { ETag, ChecksumSHA256 } = output ?? {};
  if (!ETag) throw new ReplyUnreadable('What answered is no S3: it sent status 200 and no ETag of the object.');
  if (ChecksumSHA256 !== undefined && ChecksumSHA256 !== sha256(text).toString('base64'))
    throw new ReplyUnreadable('What answered has stored something else: its checksum is not that of the text.');
}
