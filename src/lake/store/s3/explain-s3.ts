import { S3ServiceException } from '@aws-sdk/client-s3';
import { HttpResponse } from '@smithy/core/protocols';
import { visibleText } from '../../../lib/text/visible-text.ts';
import { connectionFault } from '../../../upstream/calls/connection-fault.ts';
import {
  CallLate,
  CredentialsLate,
  EndpointRedirects,
  ProfileMissing,
  ReplyUnreadable,
} from '../../../upstream/errors.ts';
import { LakeFault } from '../lake-fault.ts';
import { LakeConflict } from '../object-store.ts';
import type { LakeBucket } from './lake-bucket.ts';

const FOREIGN = 'Check AWS_ENDPOINT_URL_S3 and AWS_ENDPOINT_URL, and look for a proxy on the way.';
const AGAIN = 'Run it again when the store is well: nothing is lost, and it goes on where it was.';

/** Returns the error to throw for what a call of S3 threw: the store's own words, and what to do. */
export function explainS3(error: unknown, lake: LakeBucket): unknown {
  if (!(error instanceof Error) || error instanceof LakeConflict || error instanceof LakeFault) return error;
  const sentence = sentenceFor(error, lake);
  // What comes from this machine's disk, or is a fault of the program, is not explained as one of S3.
  return sentence === undefined ? error : new LakeFault(`The lake ${lake.name}: ${sentence}`, { cause: error });
}

function sentenceFor(error: Error, lake: LakeBucket): string | undefined {
  if (error instanceof CredentialsLate || error instanceof ProfileMissing) return error.message;
  if (error instanceof CallLate) return `${error.message} Check that the bucket can be reached from here. ${AGAIN}`;
  if (error instanceof EndpointRedirects) {
    const region = error.region === undefined ? '' : ` Set AWS_REGION to ${visibleText(error.region)}.`;
    return `${error.message}${region} ${FOREIGN}`;
  }
  if (error instanceof ReplyUnreadable) return `${error.message} ${FOREIGN}`;
  if (isPage(error)) return `The server that answered is not S3: it sent a page of HTML. ${FOREIGN}`;
  const unreached = connectionFault(error);
  if (unreached !== undefined) return `${endpointOf(error)}${unreached}. ${AGAIN}`;
  if (/^Region (is missing|not accepted)/.test(error.message)) return `${saidBy(error)} ${REGION_MISSING}`;
  const known = REMEDIES[codeOf(error)];
  if (known === undefined && !(error instanceof S3ServiceException)) return undefined;
  return `${saidBy(error)} ${known?.(lake, error) ?? AGAIN}`;
}

const REGION_MISSING = "Set AWS_REGION to the bucket's region.";
const region: Remedy = (_lake, error) => {
  const named = error instanceof S3ServiceException ? error.$response?.headers['x-amz-bucket-region'] : undefined;
  return named === undefined
    ? REGION_MISSING
    : `The bucket is in ${visibleText(named)}: set AWS_REGION to that region.`;
};
const credentials: Remedy = () => "Renew the credentials that ssm-archive runs with, and check this machine's clock.";
const grant: Remedy = ({ bucket, prefix }, { message }) =>
  /kms:(Decrypt|GenerateDataKey)|The ciphertext refers to/.test(message)
    ? "Grant kms:Decrypt and kms:GenerateDataKey on the bucket's key to the identity that ssm-archive runs as."
    : `Grant s3:GetObject, s3:PutObject and s3:AbortMultipartUpload on arn:aws:s3:::${bucket}/${prefix}*, and s3:ListBucket on arn:aws:s3:::${bucket}, to the identity that ssm-archive runs as.`;

type Remedy = (lake: LakeBucket, error: Error) => string;

/** What to do for each code of S3 or the SDK. */
const REMEDIES: Readonly<Record<string, Remedy | undefined>> = {
  AccessDenied: grant,
  Forbidden: grant,
  NoSuchBucket: ({ bucket }) => `Make the bucket ${bucket}, or correct the setting of the lake.`,
  PermanentRedirect: region,
  AuthorizationHeaderMalformed: region,
  IllegalLocationConstraintException: region,
  NotImplemented: () => 'The store must know If-None-Match and If-Match at PutObject, as S3 does.',
  CredentialsProviderError: () =>
    'Give credentials: AWS_PROFILE, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a role on this machine.',
  ExpiredToken: credentials,
  InvalidAccessKeyId: credentials,
  SignatureDoesNotMatch: credentials,
  RequestTimeTooSkewed: credentials,
  InvalidObjectState: () =>
    'Bring the object back from its archive class (RestoreObject), and keep the lake in a class that is read at once, such as S3 Glacier Instant Retrieval.',
};

/** The reply to a HEAD has no body, so that the SDK knows only its status. */
function codeOf(error: Error): string {
  const isForbidden = error instanceof S3ServiceException && error.$metadata.httpStatusCode === 403;
  return isForbidden && REMEDIES[error.name] === undefined ? 'Forbidden' : error.name;
}

function saidBy({ name, message }: Error): string {
  const said = message === '' || message === 'UnknownError' ? name : `${name}: ${visibleText(message)}`;
  return said.replace(/[^.!?]$/, '$&.');
}

function endpointOf(error: Error): string {
  return 'endpoint' in error && typeof error.endpoint === 'string' ? `${error.endpoint} does not answer: ` : '';
}

function isPage(error: Error): boolean {
  if (!('$response' in error)) return false;
  const { $response: response } = error;
  return HttpResponse.isInstance(response) && response.headers['content-type']?.startsWith('text/html') === true;
}
