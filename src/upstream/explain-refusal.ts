import { EndpointRedirects, ListingExpired, OperationUnknown, ProfileMissing, SourceRefused } from './errors.ts';

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

/** The refused call: which action, by whom, where. */
export interface RefusedCall {
  action: string;
  alias: string;
  region: string;
  roleArn?: string | undefined;
  /** The address in SSM_ARCHIVE_UPSTREAM, if calls go there. */
  upstream?: string | undefined;
}

/**
 * Returns the archive's own error for what an AWS call threw: SourceRefused with the service's words and what to grant
 * or renew, ListingExpired, or OperationUnknown. Any other error is returned unchanged.
 */
export function explainRefusal(error: unknown, call: RefusedCall): unknown {
  if (!(error instanceof Error)) return error;
  if (error instanceof EndpointRedirects)
    return new SourceRefused(`${error.message} ${remedyOfRedirect(error, call)}`, { cause: error });
  if (error instanceof ProfileMissing) return new SourceRefused(error.message, { cause: error });
  // saidBy leaves out "UnknownError", which the SDK sets as the message of an error without one.
  const said = saidBy(error);
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

/**
 * Returns the service's words after its name for the error. Words that the SDK itself makes up are replaced by ours.
 */
function saidBy({ name, message }: Error): string {
  if (name === 'CredentialsProviderError') return 'No credentials were found.';
  return (message && message !== 'UnknownError' ? `${name}: ${message}` : name).replace(/[^.!?]$/, '$&.');
}

/** No endpoint of AWS redirects, so a redirecting endpoint was configured, or a proxy stands before AWS. */
function remedyOfRedirect({ to }: EndpointRedirects, { action, region, upstream }: RefusedCall): string {
  const [setting, without] =
    upstream === undefined
      ? [
          `AWS_ENDPOINT_URL_${action.split(':')[0]?.toUpperCase()}`,
          `take AWS_ENDPOINT_URL out to call AWS itself in ${region}`,
        ]
      : ['SSM_ARCHIVE_UPSTREAM', 'correct it, or take it out to call AWS itself'];
  const follow = to === undefined ? '' : `Set ${setting} to ${to} if that is the service's address; else `;
  return `${follow}${follow === '' ? without.replace(/^./, (first) => first.toUpperCase()) : without}, and look for a proxy on the way.`;
}

function remedy({ action, roleArn }: RefusedCall): string {
  if (action === 'sts:AssumeRole') {
    return `Let the caller assume the role: the trust policy of ${roleArn} must name the caller (and the same externalId), and the caller needs sts:AssumeRole on it.`;
  }
  return `Grant ${action} on resource * to ${roleArn ?? 'the identity that this source uses'}; docs/getting-started.md has the whole policy.`;
}
