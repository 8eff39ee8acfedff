import { Readable } from 'node:stream';
import { GetObjectCommand, type GetObjectCommandOutput, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import type { FetchedOutput } from '../../model/outputs/full-output.ts';
import { withoutHalfCharacter } from '../../model/outputs/output-encoding.ts';
import type { CallBounds } from '../calls/bound-call.ts';
import { ReplyUnreadable } from '../errors.ts';
import { type CallCounts, countAttempts } from '../replies/count-attempts.ts';
import { type ClientSettings, partitionOf } from './client-settings.ts';
import type { OutputReading, StoredStream } from './output-source.ts';
import { sendBounded } from './send-bounded.ts';

const REGION = /^[a-z]{2,5}(-[a-z]+)+-\d+$/;
const RANGE = /^bytes 0-\d+\/(\d+)$/;
const PARTIAL_CONTENT = 206;
/** A body that breaks off is asked for again. The SDK repeats a call only up to the headers of its reply. */
const ATTEMPTS = 3;

export interface ObjectReader {
  read(stored: StoredStream, reading: OutputReading): Promise<FetchedOutput>;
  close(): void;
}

/**
 * Returns a reader of objects. It asks in the source's own region first, and then in the region that S3 itself names
 * for the bucket: a region is never taken from what a command says.
 */
export function createObjectReader(settings: ClientSettings, ownRegion: string, bounds: CallBounds): ObjectReader {
  const clients = new Map<string, S3Client>();
  const regionOf = new Map<string, string>();

  function clientIn(region: string): S3Client {
    const known = clients.get(region);
    if (known) return known;
    const client = new S3Client({ ...settings, region });
    // If the endpoint is not AWS's own, only the endpoint's name is known to resolve, so the bucket goes into the path.
    const { endpointProvider } = client.config;
    client.config.endpointProvider = (params, context) =>
      endpointProvider({ ...params, ForcePathStyle: params.ForcePathStyle || params.Endpoint !== undefined }, context);
    clients.set(region, client);
    return client;
  }

  async function get(asked: AskedObject): Promise<GotObject> {
    const { bucket } = asked;
    try {
      return await getFrom(clientIn(regionOf.get(bucket) ?? ownRegion), asked);
    } catch (error) {
      const region = regionIn(error);
      if (region === undefined || region === (regionOf.get(bucket) ?? ownRegion)) throw error;
      regionOf.set(bucket, region);
      return getFrom(clientIn(region), asked);
    }
  }

  return {
    async read({ stream, store: bucket, name: key }, { maxBytes, counts }) {
      const grant = {
        actions: ['s3:GetObject', 's3:ListBucket'],
        resources: ['', '/*'].map((part) => `arn:${partitionOf(ownRegion)}:s3:::${bucket}${part}`),
      };
      const { body, totalBytes } = await sendBounded(bounds, grant, (signal) =>
        get({ bucket, key, maxBytes, counts, signal }),
      );
      const isCut = body.length < totalBytes;
      const bytes = isCut ? withoutHalfCharacter(body) : body;
      return { stream, bytes, totalBytes, cutBy: isCut ? 'limit' : null, location: { bucket, key } };
    },
    close() {
      for (const client of clients.values()) client.destroy();
    },
  };
}

interface AskedObject {
  bucket: string;
  key: string;
  maxBytes: number;
  counts: CallCounts;
  signal: AbortSignal;
}

interface GotObject {
  body: Buffer;
  totalBytes: number;
}

async function getFrom(client: S3Client, asked: AskedObject): Promise<GotObject> {
  const { bucket, key, maxBytes, counts, signal } = asked;
  for (let attempt = 1; ; attempt++) {
    const command = new GetObjectCommand({ Bucket: bucket, Key: key, Range: `bytes=0-${maxBytes - 1}` });
    command.middlewareStack.use(countAttempts(counts));
    let reply: GetObjectCommandOutput;
    try {
      reply = await client.send(command, { abortSignal: signal });
    } catch (error) {
      // An empty object has no first byte.
      if (error instanceof S3ServiceException && error.name === 'InvalidRange')
        return { body: Buffer.alloc(0), totalBytes: 0 };
      throw error;
    }
    try {
      return await readReply(reply, maxBytes, signal);
    } catch (error) {
      if (signal.aborted || attempt === ATTEMPTS) throw error;
    }
  }
}

/** Reads the body up to the limit, also of a server that sends more than was asked for. */
async function readReply(
  { Body, ContentLength, ContentRange, ETag, $metadata }: GetObjectCommandOutput,
  maxBytes: number,
  signal: AbortSignal,
): Promise<GotObject> {
  if (!(Body instanceof Readable)) throw new ReplyUnreadable('The reply to GetObject has no body.');
  const isPart = ContentRange !== undefined || $metadata.httpStatusCode === PARTIAL_CONTENT;
  const [, total] = RANGE.exec(ContentRange ?? '') ?? [];
  const totalBytes = isPart ? total && Number(total) : ContentLength;
  // Without these a part would be taken for the whole, or the page of a proxy for the object.
  if (typeof totalBytes !== 'number' || ETag === undefined) {
    Body.destroy();
    throw new ReplyUnreadable(
      'The reply to GetObject does not say which part of the object it is, as one of S3 would.',
    );
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of Body) {
    if (signal.aborted) break;
    const bytes = Buffer.from(chunk);
    chunks.push(bytes);
    length += bytes.length;
    if (length > maxBytes) break;
  }
  const body = Buffer.concat(chunks).subarray(0, maxBytes);
  if (body.length !== Math.min(totalBytes, maxBytes))
    throw new ReplyUnreadable('The reply to GetObject ended before its end.');
  return { body, totalBytes };
}

/** The region that S3 names for a bucket which was asked for in another one. */
function regionIn(error: unknown): string | undefined {
  if (!(error instanceof S3ServiceException)) return undefined;
  const named = error.$response?.headers['x-amz-bucket-region'];
  return named !== undefined && REGION.test(named) ? named : undefined;
}
