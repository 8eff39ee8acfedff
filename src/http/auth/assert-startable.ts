import { existsSync } from 'node:fs';
import { admitFirstToken } from '../../access/first-token/admit-first-token.ts';
import { IN_MEMORY } from '../../access/open-access-file.ts';
import { openAuthDb } from '../../access/open-auth-db.ts';
import type { Config } from '../../config/config.ts';
import { createLogger } from '../../lib/logger.ts';
import type { Now } from '../../lib/time.ts';
import { assertSafeToServe } from './assert-safe-to-serve.ts';

interface StartableDeps {
  config: Pick<Config, 'authDb' | 'tokenFile' | 'host'>;
  now: Now;
  isInsecureAllowed: boolean;
}

/**
 * Before the file of tokens is made, throws UserFault if the server would refuse to start after that: the secret of its
 * first token can't be read, or others could reach the server and there is no token. If the file exists, nothing is
 * checked here: the start itself can check it without making anything.
 */
export function assertStartable(deps: StartableDeps): void {
  if (!existsSync(deps.config.authDb)) assertStartableWithout(deps);
}

/** Like assertStartable, for a server whose file of tokens does not exist yet. */
export function assertStartableWithout({ config, now, isInsecureAllowed }: StartableDeps): void {
  const deps = { authDb: openAuthDb(IN_MEMORY), now, log: createLogger('silent') };
  try {
    if (config.tokenFile !== undefined) admitFirstToken(deps, config.tokenFile);
    assertSafeToServe({ ...deps, host: config.host, isInsecureAllowed });
  } finally {
    deps.authDb.close();
  }
}
