import { PutObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import type { CheckpointBucketConfig } from '../config/config.ts';
import { DAY_MS, type Now } from '../lib/time.ts';
import { boundCall, type CallBounds } from './calls/bound-call.ts';
import { boundCredentials } from './calls/bound-credentials.ts';
import { boundHandler } from './calls/bound-handler.ts';
import { OUTGOING } from './calls/outgoing.ts';
import { watchSilence } from './calls/watch-silence.ts';
import { Interrupted } from './errors.ts';
import { explainPut } from './explain-put.ts';
import { refuseNoPut } from './replies/refuse-no-put.ts';

/** A bucket to which objects are only added. */
export interface Bucket {
  /**
   * Puts a text under a name that belongs to this text alone: if an object of this name exists, it has the same text
   * and stays as it is. Locks the object if that is configured. Throws Error with the service's words and what to do;
   * Interrupted if the process is told to stop.
   */
  put(name: string, text: string): Promise<void>;
  close(): void;
}

interface BucketDeps {
  now: Now;
  /** When this signal aborts, a put that is under way is given up some moments later. */
  signal: AbortSignal;
  /** How long a put may take; the default is in OUTGOING. */
  wholeMs?: number | undefined;
  graceMs?: number | undefined;
  /** Called within seconds when an endpoint does not answer and is asked again. */
  onSilence?: ((sentence: string) => void) | undefined;
}

/** The status alone proves nothing, because anything may answer with it; S3 adds this code. */
function isThere(error: unknown): boolean {
  return (
    error instanceof S3ServiceException && error.$metadata.httpStatusCode === 412 && error.name === 'PreconditionFailed'
  );
}

/** Connects a bucket, with the SDK's own credentials and endpoint. Sends nothing before the first put. */
export function connectBucket(
  { now, signal: stopped, wholeMs = OUTGOING.bucket.wholeMs, graceMs, onSilence }: BucketDeps,
  config: CheckpointBucketConfig,
): Bucket {
  const { bucket, prefix, region, lock } = config;
  const bounds: CallBounds = { wholeMs, stopped, graceMs };
  const watch = onSilence && watchSilence(onSilence);
  const requestHandler = boundHandler(OUTGOING.bucket, bounds, watch);
  const client = new S3Client({
    ...(region !== undefined && { region }),
    requestHandler,
    credentials: boundCredentials(requestHandler, bounds, watch),
  });
  // If the endpoint is not AWS's own, its host name may not resolve with the bucket's name before it, so the bucket
  // goes into the path.
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
        // Object Lock requires a checksum, and the environment may turn off the checksums that the SDK adds by itself.
        ChecksumAlgorithm: 'SHA256',
        IfNoneMatch: '*',
        ...(lock && {
          ObjectLockMode: lock.mode,
          ObjectLockRetainUntilDate: new Date(now().getTime() + lock.days * DAY_MS),
        }),
      });
      command.middlewareStack.add(
        (next) => async (args) => {
          const result = await next(args);
          refuseNoPut(result.output, text);
          return result;
        },
        // This runs before the reply is read, and inside the retries.
        { step: 'deserialize', priority: 'high', name: 'refuseNoPut' },
      );
      // One limit for all attempts together, whatever they wait for.
      const put = boundCall(bounds);
      try {
        await put.orAborted(client.send(command, { abortSignal: put.signal }));
      } catch (error) {
        if (isThere(error)) return;
        throw error instanceof Interrupted ? error : explainPut(error, config);
      } finally {
        put.ended();
      }
    },
    close() {
      watch?.end();
      client.destroy();
    },
  };
}
