import { UserFault } from '../../lib/errors/user-fault.ts';
import type { Logger } from '../../lib/logger.ts';
import type { Now } from '../../lib/time.ts';
import type { AuthDb } from '../open-auth-db.ts';
import type { Secret } from '../secret.ts';
import { insertToken } from '../tokens/create-token.ts';
import { hasToken } from '../tokens/has-token.ts';
import type { TokenView } from '../tokens/token-view.ts';
import { FIRST_TOKEN, TOKEN_FILE_SETTING } from './first-token.ts';
import { readSecretFile } from './read-secret-file.ts';
import { warningOf } from './warning-of.ts';

export interface FirstTokenDeps {
  authDb: AuthDb;
  now: Now;
  log: Logger;
}

/**
 * Makes the first token from the secret in the file at `path`, if no token or access key was ever made. If one was ever
 * made, makes nothing, even if all are revoked or expired: a token that was revoked because it leaked must not come
 * back at the next start. If the file then contains another secret than the first token's, only logs a warning, because
 * collecting must go on. Throws UserFault if there is no token and none can be made from the file.
 */
export function admitFirstToken({ authDb, now, log }: FirstTokenDeps, path: string): void {
  const file = readSecretFile(path);
  if (!hasToken(authDb)) {
    if (!('secret' in file)) {
      throw new UserFault(
        `The first token can't be read from ${file.path} (${TOKEN_FILE_SETTING}), because ${file.fault}: ${file.remedy}.`,
        { exitCode: 2 },
      );
    }
    const made = makeFirst({ authDb, now }, file.secret);
    if (made !== undefined) {
      log.info(
        `The secret in ${file.path} (${TOKEN_FILE_SETTING}) is now the token "${made.name}" (${made.id}, ${made.role}), which never expires.`,
      );
      return;
    }
  }
  const warning = warningOf({ authDb, now }, file);
  if (warning !== undefined) log.warn(warning);
}

/**
 * Makes the token; returns undefined if another process was faster. Each process checks within its transaction, so only
 * one of them makes a token.
 */
function makeFirst({ authDb, now }: Omit<FirstTokenDeps, 'log'>, { id, digest }: Secret): TokenView | undefined {
  return authDb.write(() =>
    hasToken(authDb) ? undefined : insertToken({ authDb, now }, { ...FIRST_TOKEN, id, digest }),
  );
}
