import { ListingExpired, OperationUnknown, SourceRefused } from './errors.ts';

const NO_PERMISSION = new Set([
  'AccessDeniedException',
  'AccessDenied',
  'UnauthorizedOperation',
  'NotAuthorized',
  'OptInRequired',
]);
const BAD_CREDENTIALS = new Set([
  'ExpiredTokenException',
  'ExpiredToken',
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'IncompleteSignature',
  'IncompleteSignatureException',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'RequestExpired',
  'CredentialsProviderError',
  'TokenProviderError',
]);

/** What the service refused: an action, as whom, where. */
export interface RefusedCall {
  action: string;
  alias: string;
  region: string;
  roleArn?: string | undefined;
}

/**
 * The archive's own error for what an AWS call threw: SourceRefused with the service's words and what to grant or
 * renew, ListingExpired, OperationUnknown; anything else comes back unchanged.
 */
export function explainRefusal(error: unknown, call: RefusedCall): unknown {
  if (!(error instanceof Error)) return error;
  // The SDK's own word for an error without a message.
  const said = (
    error.message && error.message !== 'UnknownError' ? `${error.name}: ${error.message}` : error.name
  ).replace(/[^.!?]$/, '$&.');
  if (error.name === 'InvalidNextToken') return new ListingExpired(said, { cause: error });
  if (error.name === 'UnknownOperationException') return new OperationUnknown(said, { cause: error });
  if (NO_PERMISSION.has(error.name)) return new SourceRefused(`${said} ${remedy(call)}`, { cause: error });
  if (BAD_CREDENTIALS.has(error.name)) {
    const remedyOfCredentials =
      error.name === 'CredentialsProviderError'
        ? 'Give credentials: AWS_PROFILE, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, "aws sso login", or a role on this machine.'
        : 'Renew the credentials of this source (for example with "aws sso login") and check this machine\'s clock.';
    return new SourceRefused(`${said} ${remedyOfCredentials}`, { cause: error });
  }
  return error;
}

function remedy({ action, roleArn }: RefusedCall): string {
  if (action === 'sts:AssumeRole') {
    return `Let the caller assume it: the trust policy of ${roleArn} must name the caller (and the same externalId), and the caller needs sts:AssumeRole on it.`;
  }
  return `Grant ${action} on resource * to ${roleArn ?? 'the identity that this source uses'}; docs/getting-started.md has the whole policy.`;
}
