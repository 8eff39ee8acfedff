import { HOUR_MS, type Now } from '../../lib/time.ts';
import type { AuthDb } from '../open-auth-db.ts';
import { drawSecret, type RandomBytes } from '../secret.ts';

/** The beginning of a session's secret. */
export const SESSION_PREFIX = 'ssms_';

const SESSION_LASTS_MS = 12 * HOUR_MS;

/**
 * Makes a browser's session for a live token. It lasts twelve hours, or until the token expires if that is sooner. It
 * is a row beside the token, so it survives a restart of the server and ends with the token. Also deletes expired
 * sessions.
 */
export function createSession(
  { authDb, now, random }: { authDb: AuthDb; now: Now; random: RandomBytes },
  { tokenId, tokenExpiresAt }: { tokenId: string; tokenExpiresAt: string | null },
): { secret: string; expiresAt: Date } {
  const at = now();
  const createdAt = at.toISOString();
  const longest = at.getTime() + SESSION_LASTS_MS;
  const expiresAt = new Date(tokenExpiresAt === null ? longest : Math.min(longest, Date.parse(tokenExpiresAt)));
  const { text, id, digest } = drawSecret(SESSION_PREFIX, random);
  authDb.write(() => {
    authDb.prepare<[string], never>('DELETE FROM sessions WHERE expires_at <= ?').run(createdAt);
    authDb
      .prepare<unknown[], never>(
        'INSERT INTO sessions (id, digest, token_id, created_at, expires_at) VALUES (?, ?, ?, ?, ?)',
      )
      .run(id, digest, tokenId, createdAt, expiresAt.toISOString());
  });
  return { secret: text, expiresAt };
}
