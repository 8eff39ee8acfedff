import { PutObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import type { CheckpointBucketConfig } from '../config/config.ts';
import { DAY_MS, type Now, SECOND_MS } from '../lib/time.ts';
import { explainPut } from './explain-put.ts';

const CONNECT_TIMEOUT_MS = 5 * SECOND_MS;
const REPLY_TIMEOUT_MS = 10 * SECOND_MS;
/** With all attempts: a server that is told to stop waits for the pass. */
const LONGEST_MS = 30 * SECOND_MS;

/** A bucket that is only ever added to. */
export interface Bucket {
  /**
   * Puts a text under a name that is its alone: one that is there already stays as it is, and has the same text. Locked as it is
   * configured. Throws Error with the service's words and what to do.
   */
  put(name: string, text: string): Promise<void>;
  close(): void;
}

/** A bucket, with the SDK's own credentials and endpoint. Nothing is asked before the first put. */
export function connectBucket({ now }: { now: Now }, config: CheckpointBucketConfig): Bucket {
  const { bucket, prefix, region, lock } = config;
  const client = new S3Client({
    ...(region !== undefined && { region }),
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: REPLY_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
  });
  // Where the endpoint is not AWS's own, however it is set, no name but the endpoint's is known to resolve: the bucket goes into the path.
  const { endpointProvider } = client.config;
  client.config.endpointProvider = (params, context) =>
    endpointProvider({ ...params, ForcePathStyle: params.ForcePathStyle || params.Endpoint !== undefined }, context);

  return {
    async put(name, text) {
      const command = new PutObjectCommand({
        Bucket: bucket,
        Key: prefix + name,
        Body: text,
        ContentType: 'text/plain; charset=utf-8',
        // Object Lock asks for a checksum, and an environment may turn off those that the SDK makes by itself.
        ChecksumAlgorithm: 'SHA256',
        IfNoneMatch: '*',
        ...(lock && {
          ObjectLockMode: lock.mode,
          ObjectLockRetainUntilDate: new Date(now().getTime() + lock.days * DAY_MS),
        }),
      });
      try {
        await client.send(command, { abortSignal: AbortSignal.timeout(LONGEST_MS) });
      } catch (error) {
        if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 412) return;
        throw explainPut(error, config);
      }
    },
    close: () => client.destroy(),
  };
}
