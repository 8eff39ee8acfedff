import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { parseJsonBytes } from '../lib/parse-json-bytes.ts';

/** Bytes that are not what CloudTrail writes. The message is a sentence. */
export class TrailUnreadable extends Error {
  override name = 'TrailUnreadable';
}

/** More than V8 holds in one text; CloudTrail's files have some megabytes. */
const MOST_BYTES = 512 * 1024 * 1024;

const logFile = z.object({ Records: z.array(z.unknown()) });
const lookedUp = z.object({ Events: z.array(z.object({ CloudTrailEvent: z.string() })) });
/** What lies beside the logs of a trail in S3: hashes of log files, and no events. */
const digestFile = z.object({ digestStartTime: z.string(), logFiles: z.array(z.unknown()) });

/**
 * The events of a file of CloudTrail: a log file as a trail writes it to S3, or what `aws cloudtrail lookup-events` prints;
 * compressed by gzip or not. Throws TrailUnreadable for anything else.
 */
export function readTrail(bytes: Buffer): unknown[] {
  const content = parse(unpacked(bytes));
  const log = logFile.safeParse(content);
  if (log.success) return log.data.Records;
  const found = lookedUp.safeParse(content);
  if (found.success) return found.data.Events.map(({ CloudTrailEvent }) => parse(Buffer.from(CloudTrailEvent)));
  if (digestFile.safeParse(content).success) return [];
  throw new TrailUnreadable('It is JSON, but neither a CloudTrail log file nor the output of lookup-events.');
}

function unpacked(bytes: Buffer): Buffer {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: MOST_BYTES });
  } catch (error) {
    throw new TrailUnreadable('It is compressed, but broken or too large.', { cause: error });
  }
}

function parse(bytes: Buffer): unknown {
  try {
    return parseJsonBytes(bytes);
  } catch (error) {
    throw new TrailUnreadable('It is not JSON, or not whole.', { cause: error });
  }
}
