import type { AuthDb } from '../../access/open-auth-db.ts';
import { hasLiveToken, hasToken } from '../../access/tokens/has-token.ts';
import { UserFault } from '../../lib/errors/user-fault.ts';
import type { Logger } from '../../lib/logger.ts';
import type { Now } from '../../lib/time.ts';
import { isLoopback } from './is-loopback.ts';

export interface SafeToServeDeps {
  authDb: AuthDb;
  now: Now;
  log: Logger;
  host: string;
  isInsecureAllowed: boolean;
}

/**
 * Throws UserFault if anybody who can reach the server could use it: the address is not loopback, and no token is live.
 * `--insecure-no-auth` allows this, and each such start is logged.
 */
export function assertSafeToServe({ authDb, now, log, host, isInsecureAllowed }: SafeToServeDeps): void {
  if (isInsecureAllowed) {
    const isOpen = !hasToken(authDb);
    log.warn(
      { host, isOpen },
      isOpen
        ? `--insecure-no-auth: until a token is made, everyone who can reach ${host} can read the whole archive and act as an operator.`
        : '--insecure-no-auth has no effect, because there are tokens: callers need one. Leave the option out.',
    );
    return;
  }
  if (isLoopback(host) || hasLiveToken({ authDb, now })) return;
  throw new UserFault(
    hasToken(authDb)
      ? `Others can reach ${host}, and every token has expired or was revoked. Make another token with "ssm-archive token create --name me --role operator", or listen on 127.0.0.1 (--host or SSM_ARCHIVE_HOST).`
      : `Others can reach ${host}, and there is no token yet to keep them out. Make one with "ssm-archive token create --name me --role operator", or set SSM_ARCHIVE_TOKEN_FILE to a file with the secret of the first token, or listen on 127.0.0.1 (--host or SSM_ARCHIVE_HOST). To serve everyone without a token: --insecure-no-auth.`,
    { exitCode: 2 },
  );
}
