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
 * Throws UserFault if a server would refuse to start only after it had made its file of tokens: its first token can't
 * be read, or others could reach it and there is no token. If the file exists, it is opened to find out; opening it
 * makes nothing.
 */
export function assertStartable(deps: StartableDeps): void {
  if (!existsSync(deps.config.authDb)) assertStartableWithout(deps);
}

/** The same check for a server whose file of tokens does not exist yet. */
export function assertStartableWithout({ config, now, isInsecureAllowed }: StartableDeps): void {
  const deps = { authDb: openAuthDb(IN_MEMORY), now, log: createLogger('silent') };
  try {
    if (config.tokenFile !== undefined) admitFirstToken(deps, config.tokenFile);
    assertSafeToServe({ ...deps, host: config.host, isInsecureAllowed });
  } finally {
    deps.authDb.close();
  }
}
