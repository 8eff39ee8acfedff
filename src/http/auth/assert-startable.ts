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
 * Throws UserFault where a server without a file of tokens would refuse to start once it had made one: its first token can't be read, or others
 * could reach it and there is none. Where that file is there it is opened for it, which makes nothing.
 */
export function assertStartable(deps: StartableDeps): void {
  if (!existsSync(deps.config.authDb)) assertStartableWithout(deps);
}

/** The same of a server whose file of tokens is yet to be made. */
export function assertStartableWithout({ config, now, isInsecureAllowed }: StartableDeps): void {
  const deps = { authDb: openAuthDb(IN_MEMORY), now, log: createLogger('silent') };
  try {
    if (config.tokenFile !== undefined) admitFirstToken(deps, config.tokenFile);
    assertSafeToServe({ ...deps, host: config.host, isInsecureAllowed });
  } finally {
    deps.authDb.close();
  }
}
