import { S3ServiceException } from '@aws-sdk/client-s3';
import { HttpResponse } from '@smithy/core/protocols';
import type { CheckpointBucketConfig } from '../config/config.ts';
import { visibleText } from '../lib/text/visible-text.ts';
import { CallLate, CredentialsLate, EndpointRedirects, ReplyUnreadable } from './errors.ts';

const NO_STORE =
  'Check AWS_ENDPOINT_URL_S3, and look for a proxy on the way. Nothing shows that the checkpoint is in the bucket.';

/** Returns an Error for the error that a put threw, with the service's words and what to do. */
export function explainPut(error: unknown, config: CheckpointBucketConfig): Error {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  if (error instanceof CredentialsLate) return error;
  if (error instanceof CallLate)
    return new Error(`${message} Check that the bucket can be reached from here.`, { cause: error });
  if (error instanceof EndpointRedirects) return new Error(`${message} ${remedyOfRedirect(error)}`, { cause: error });
  if (error instanceof ReplyUnreadable) return new Error(`${message} ${NO_STORE}`, { cause: error });
  const page = statusOfPage(error);
  if (page !== undefined)
    return new Error(`The server that answered is not S3: it sent status ${page} and a page of HTML. ${NO_STORE}`, {
      cause: error,
    });
  const said = message === '' || message === 'UnknownError' ? name : `${name}: ${message}`;
  const region = regionIn(error);
  const todo = region === undefined ? remedy(name, message, config) : regionSentence(region);
  return new Error(`${said.replace(/[^.!?]$/, '$&.')} ${todo}`, { cause: error });
}

/** Returns the status of an answer that is an HTML page; the SDK's error holds the answer itself. */
function statusOfPage(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('$response' in error)) return undefined;
  const { $response: response } = error;
  if (!HttpResponse.isInstance(response)) return undefined;
  return response.headers['content-type']?.startsWith('text/html') ? response.statusCode : undefined;
}

/** S3 redirects if a request goes to a region other than the bucket's. */
function remedyOfRedirect({ to, region }: EndpointRedirects): string {
  if (region !== undefined) return regionSentence(region);
  const follow = to === undefined ? '' : `, or AWS_ENDPOINT_URL_S3 to ${to} if that is the store's address`;
  return `Set SSM_ARCHIVE_CHECKPOINT_BUCKET_REGION to the bucket's region${follow}; and look for a proxy on the way.`;
}

function regionSentence(region: string): string {
  return `The bucket is in ${visibleText(region)}: set SSM_ARCHIVE_CHECKPOINT_BUCKET_REGION to that region.`;
}

/** The region that S3 names in its error if the request went to another region. */
function regionIn(error: unknown): string | undefined {
  return error instanceof S3ServiceException ? error.$response?.headers['x-amz-bucket-region'] : undefined;
}

function remedy(name: string, message: string, { bucket, prefix, lock }: CheckpointBucketConfig): string {
  const actions = lock ? 's3:PutObject and s3:PutObjectRetention' : 's3:PutObject';
  if (/Region is missing/.test(message)) return "Set SSM_ARCHIVE_CHECKPOINT_BUCKET_REGION to the bucket's region.";
  if (/Object ?Lock/i.test(message))
    return `Switch Object Lock on for the bucket ${bucket}, or take SSM_ARCHIVE_CHECKPOINT_LOCK_DAYS out.`;
  switch (name) {
    case 'AccessDenied':
      return `Grant ${actions} on arn:aws:s3:::${bucket}/${prefix}* to the identity that ssm-archive runs as.`;
    case 'NoSuchBucket':
      return `Make the bucket ${bucket}, or correct SSM_ARCHIVE_CHECKPOINT_BUCKET.`;
    case 'PermanentRedirect':
    case 'AuthorizationHeaderMalformed':
    case 'IllegalLocationConstraintException':
      return "Set SSM_ARCHIVE_CHECKPOINT_BUCKET_REGION to the bucket's region.";
    case 'NotImplemented':
      return 'The store must know If-None-Match and Object Lock, as S3 does.';
    case 'CredentialsProviderError':
      return 'Give credentials: AWS_PROFILE, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a role on this machine.';
    case 'ExpiredToken':
    case 'InvalidAccessKeyId':
    case 'SignatureDoesNotMatch':
    case 'RequestTimeTooSkewed':
      return "Renew the credentials that ssm-archive runs with, and check this machine's clock.";
    default:
      return 'Check that the bucket can be reached from here.';
  }
}
