import type { AuthDb } from '../open-auth-db.ts';
import { idOfSecret, matchesDigest } from '../secret.ts';
import { SESSION_PREFIX } from './create-session.ts';

/** Ends the session with this secret. Does nothing if there is none. */
export function endSession(authDb: AuthDb, secret: string): void {
  const id = idOfSecret(SESSION_PREFIX, secret);
  const row = authDb.prepare<[string], { digest: Buffer }>('SELECT digest FROM sessions WHERE id = ?').get(id);
  // An id is not secret, so it alone must not end a session.
  if (!matchesDigest(secret, row?.digest)) return;
  authDb.prepare<[string], never>('DELETE FROM sessions WHERE id = ?').run(id);
}
