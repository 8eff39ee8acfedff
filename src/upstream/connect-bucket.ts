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

/** A bucket that is only ever added to. */
export interface Bucket {
  /**
   * Puts a text under a name that is its alone: one that is there already stays as it is, and has the same text. Locked as it is
   * configured. Throws Error with the service's words and what to do; Interrupted where the process is told to stop.
   */
  put(name: string, text: string): Promise<void>;
  close(): void;
}

interface BucketDeps {
  now: Now;
  /** Gives a put up, some moments after it aborts. */
  signal: AbortSignal;
  /** How long a put may take; OUTGOING has what it is unless said. */
  wholeMs?: number | undefined;
  graceMs?: number | undefined;
  /** Told, within seconds, of an endpoint that does not answer while it is asked again. */
  onSilence?: ((sentence: string) => void) | undefined;
}

/** S3's own word for it: anything may answer with that status. */
function isThere(error: unknown): boolean {
  return (
    error instanceof S3ServiceException && error.$metadata.httpStatusCode === 412 && error.name === 'PreconditionFailed'
  );
}

/** A bucket, with the SDK's own credentials and endpoint. Nothing is asked before the first put. */
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
      command.middlewareStack.add(
        (next) => async (args) => {
          const result = await next(args);
          refuseNoPut(result.output, text);
          return result;
        },
        // In front of what reads the reply, and behind what tries again.
        { step: 'deserialize', priority: 'high', name: 'refuseNoPut' },
      );
      // All attempts together, whatever they wait for.
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
