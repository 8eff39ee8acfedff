import type { Now } from '../../lib/time.ts';
import type { AuthDb } from '../open-auth-db.ts';

/**
 * Whether a token was ever made. From then on, requests to any address need a token: if the last token expires, or is
 * revoked because it leaked, the server must not become open to everyone.
 */
export function hasToken(authDb: AuthDb): boolean {
  return authDb.prepare<[], { n: number }>('SELECT 1 AS n FROM tokens LIMIT 1').get() !== undefined;
}

/** Whether at least one token is valid now. */
export function hasLiveToken({ authDb, now }: { authDb: AuthDb; now: Now }): boolean {
  const live = authDb
    .prepare<[string], { n: number }>(
      'SELECT 1 AS n FROM tokens WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?) LIMIT 1',
    )
    .get(now().toISOString());
  return live !== undefined;
}
