import { S3Client } from '@aws-sdk/client-s3';
import type { CallBounds } from '../../../upstream/calls/bound-call.ts';
import { boundCredentials } from '../../../upstream/calls/bound-credentials.ts';
import { boundHandler } from '../../../upstream/calls/bound-handler.ts';
import { OUTGOING } from '../../../upstream/calls/outgoing.ts';

/** Returns a client with the SDK's own endpoint, region and credentials, whose requests all end within their limits. */
export function connectS3({ stopped, wholeMs = OUTGOING.lake.wholeMs }: Partial<CallBounds>): S3Client {
  // What was not stored or read whole counts as not done, so nothing is gained by waiting for the end of a request.
  const bounds: CallBounds = { wholeMs, stopped: stopped ?? new AbortController().signal, graceMs: 0 };
  const requestHandler = boundHandler(OUTGOING.lake, bounds);
  const client = new S3Client({
    requestHandler,
    credentials: boundCredentials(requestHandler, { ...bounds, wholeMs: OUTGOING.credentials.wholeMs }),
    // The bucket may be in another region than the instances.
    followRegionRedirects: true,
  });
  // If the endpoint is not AWS's own, its host name may not resolve with the bucket's name before it, so the bucket
  // goes into the path.
  const { endpointProvider } = client.config;
  client.config.endpointProvider = (params, context) =>
    endpointProvider({ ...params, ForcePathStyle: params.ForcePathStyle || params.Endpoint !== undefined }, context);
  return client;
}
