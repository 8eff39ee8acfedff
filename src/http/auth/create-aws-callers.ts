import type { Context } from 'hono';
import { type AccessEnv, type Caller, UNKNOWN_CALLER } from '../../access/caller.ts';
import type { AuthDb } from '../../access/open-auth-db.ts';
import { findAccessKey } from '../../access/tokens/find-access-key.ts';
import { tokenViewOf } from '../../access/tokens/token-view.ts';
import { judgeToken } from '../../access/tokens/verify-token.ts';
import { type Now, SECOND_MS } from '../../lib/time.ts';
import { arn } from '../aws/arn.ts';
import { AwsError } from '../aws/aws-error.ts';
import type { Scope } from '../aws/command-history.ts';
import type { SignedRequest } from '../aws/create-aws-app.ts';
import type { Credential } from '../aws/read-credential.ts';
import { verifySignature, WrongSignature } from '../aws/verify-signature.ts';
import { clientAddress } from './client-address.ts';
import type { Throttle } from './create-throttle.ts';

export interface AwsCallersDeps {
  authDb: AuthDb;
  now: Now;
  /** The accounts in the archive. */
  accounts(): string[];
  throttle: Throttle;
  isProxyTrusted: boolean;
}

/** Returns who signed a request, and the account and region whose history that caller may read. */
export type ResolveAwsScope = (credential: Credential, request: SignedRequest, c: Context<AccessEnv>) => Promise<Scope>;

/**
 * Checks callers by Signature Version 4: the holder of a live access key may read the account and region of the key's
 * scope. If no token is needed, the guard has already set the caller, and any signature is accepted, as in local
 * emulators: an access key id of 12 digits then names the account. Sets `caller` or `refusedAttempt`, and throws AWS's
 * own errors.
 *
 * An unknown key, or a signature made with a wrong secret, counts as a guess and slows its address down, like a wrong
 * token. A wrong clock, a signature for another service and a key that has expired or was revoked do not count.
 */
export function createAwsCallers(deps: AwsCallersDeps): ResolveAwsScope {
  const { authDb, now, accounts, throttle, isProxyTrusted } = deps;
  return async (credential, request, c) => {
    const { accessKeyId, region } = credential;
    const signal = c.req.raw.signal;
    const local = c.get('caller');
    if (local) {
      const accountId = /^\d{12}$/.test(accessKeyId) ? accessKeyId : onlyOne(accounts(), LOCAL_HINT);
      return { accountId, region, caller: local.name, signal };
    }
    const address = clientAddress(c, isProxyTrusted);
    // Until the signature is verified, the access key id is only a claim.
    c.set('refusedAttempt', UNKNOWN_CALLER);
    const waitMs = throttle.waitMs(address, throttled(accessKeyId));
    if (waitMs > 0) throw slowed(waitMs);
    const key = findAccessKey(authDb, accessKeyId);
    if (!key) {
      throttle.failed(address);
      throw unrecognized('The security token included in the request is invalid.');
    }
    refuseService(credential, request);
    if (request.headers.has('x-amz-security-token') || request.url.searchParams.has('X-Amz-Security-Token')) {
      throw unrecognized(
        'The security token included in the request is invalid. An access key of this archive has no session token: unset AWS_SESSION_TOKEN.',
      );
    }
    try {
      await verifySignature(request, credential, key.secretAccessKey, now().getTime());
    } catch (error) {
      if (error instanceof WrongSignature) throttle.failed(address);
      throw error;
    }
    const verdict = judgeToken({ authDb, now }, key);
    if (verdict.state !== 'live') {
      c.set('refusedAttempt', { name: key.name, tokenId: key.id });
      const what = verdict.state === 'unknown' ? 'is not valid' : `is ${verdict.state}`;
      throw unrecognized(`The access key ${key.id} ${what}. "ssm-archive token create --aws" makes a new one.`);
    }
    throttle.succeeded(address, throttled(accessKeyId));
    c.set('caller', verdict.caller);
    const { accounts: ownAccounts, regions } = tokenViewOf(key, now().toISOString());
    const accountId = onlyOne(ownAccounts ?? accounts(), KEY_HINT);
    if (regions && !regions.includes(region)) throw denied(verdict.caller, request.operation, accountId, region);
    return { accountId, region, caller: verdict.caller.name, signal };
  };
}

const LOCAL_HINT = 'Give one of them as the access key id (AWS_ACCESS_KEY_ID=<12 digits>).';
const KEY_HINT = 'Use an access key of one account ("ssm-archive token create --aws --account <12 digits>").';

function onlyOne(accounts: readonly string[], hint: string): string {
  const [only, ...others] = accounts;
  if (only === undefined) throw new AwsError('ValidationException', 'The archive has no account yet.');
  if (others.length === 0) return only;
  throw new AwsError('ValidationException', `The archive has several accounts: ${accounts.join(', ')}. ${hint}`);
}

/** A signature for another service, such as S3, is refused. */
function refuseService({ service }: Credential, { operation }: SignedRequest): void {
  const wanted = serviceOf(operation);
  if (service === wanted) return;
  throw new AwsError('InvalidSignatureException', `Credential should be scoped to correct service: '${wanted}'.`);
}

function serviceOf(operation: string): 'sts' | 'ssm' {
  return operation === 'GetCallerIdentity' ? 'sts' : 'ssm';
}

/** The name of a key in the throttle. No token or session looks like this, so keys can't be confused with them. */
function throttled(accessKeyId: string): string {
  return `access key ${accessKeyId}`;
}

function slowed(waitMs: number): AwsError {
  const seconds = Math.ceil(waitMs / SECOND_MS);
  return new AwsError(
    'ThrottlingException',
    `Rate exceeded: too many wrong signatures, keys or tokens came from this address. Try again in ${seconds} s.`,
  );
}

function unrecognized(message: string): AwsError {
  return new AwsError('UnrecognizedClientException', message);
}

function denied({ name }: Caller, operation: string, accountId: string, region: string): AwsError {
  const service = serviceOf(operation);
  const action = `${service}:${operation}`;
  return new AwsError(
    'AccessDeniedException',
    `User: ${name} is not authorized to perform: ${action} on resource: ${arn({ accountId, region }, service, '*')} because no access key policy allows the ${action} action`,
  );
}
