import type { Context } from 'hono';
import { type AccessEnv, UNKNOWN_CALLER } from '../../access/caller.ts';
import type { AuthDb } from '../../access/open-auth-db.ts';
import { verifySession } from '../../access/sessions/verify-session.ts';
import { type Verdict, verifyToken } from '../../access/tokens/verify-token.ts';
import type { Now } from '../../lib/time.ts';
import { clientAddress } from './client-address.ts';
import type { Throttle } from './create-throttle.ts';

export interface CheckSecretDeps {
  authDb: AuthDb;
  now: Now;
  throttle: Throttle;
  isProxyTrusted: boolean;
}

export interface Presented {
  kind: 'token' | 'session';
  secret: string;
}

/** A verdict, or how long the client's address has to wait. */
export type Answer = Verdict | { state: 'slowed'; waitMs: number };

/**
 * Checks a token or a session that came from the client's address. Sets `caller` or `refusedAttempt` in the context.
 * Only a secret that never was valid counts as a failure: a script with an expired token is not guessing.
 */
export function checkSecret(
  { authDb, now, throttle, isProxyTrusted }: CheckSecretDeps,
  c: Context<AccessEnv>,
  { kind, secret }: Presented,
): Answer {
  const address = clientAddress(c, isProxyTrusted);
  const waitMs = throttle.waitMs(address, secret);
  if (waitMs > 0) {
    c.set('refusedAttempt', UNKNOWN_CALLER);
    return { state: 'slowed', waitMs };
  }
  const verdict = kind === 'token' ? verifyToken({ authDb, now }, secret) : verifySession({ authDb, now }, secret);
  if (verdict.state === 'live') {
    throttle.succeeded(address, secret);
    c.set('caller', verdict.caller);
  } else if (verdict.state === 'unknown') {
    throttle.failed(address);
    c.set('refusedAttempt', UNKNOWN_CALLER);
  } else {
    c.set('refusedAttempt', { name: verdict.name, tokenId: verdict.tokenId });
  }
  return verdict;
}

/** A sentence that says why the caller is not let in. */
export function reasonOf(verdict: Exclude<Verdict, { state: 'live' }>, kind: Presented['kind']): string {
  if (verdict.state === 'unknown') {
    return kind === 'token' ? 'This is not a token of this server.' : 'This session has ended. Log in again at /login.';
  }
  const what = kind === 'token' ? 'The token' : 'This session, or its token,';
  return `${what} "${verdict.name}" ${verdict.state === 'expired' ? 'expired' : 'was revoked'} at ${verdict.since}. "ssm-archive token create" makes a new one.`;
}
