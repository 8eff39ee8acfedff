import type { AuthDb } from '../open-auth-db.ts';
import { idOfSecret, matchesDigest } from '../secret.ts';
import { SESSION_PREFIX } from './create-session.ts';

/** Ends the session that has this secret; does nothing where there is none. */
export function endSession(authDb: AuthDb, secret: string): void {
  const id = idOfSecret(SESSION_PREFIX, secret);
  const row = authDb.prepare<[string], { digest: Buffer }>('SELECT digest FROM sessions WHERE id = ?').get(id);
  // The id alone is not secret enough to end someone's session by.
  if (!matchesDigest(secret, row?.digest)) return;
  authDb.prepare<[string], never>('DELETE FROM sessions WHERE id = ?').run(id);
}
