import type { Now } from '../../lib/time.ts';
import type { AuthDb } from '../open-auth-db.ts';
import { idOfSecret, matchesDigest } from '../secret.ts';
import { TOKEN_COLUMNS, type TokenRow } from '../tokens/token-view.ts';
import { judgeToken, type Verdict } from '../tokens/verify-token.ts';
import { SESSION_PREFIX } from './create-session.ts';

interface SessionRow {
  digest: Buffer;
  sessionExpiresAt: string;
}

/**
 * Returns the verdict on the session with this secret. A session has the rights that its token has now, and none once
 * the session has expired.
 */
export function verifySession({ authDb, now }: { authDb: AuthDb; now: Now }, secret: string): Verdict {
  const row = authDb
    .prepare<[string], TokenRow & SessionRow>(
      `SELECT ${TOKEN_COLUMNS}, sessions.digest, sessions.expires_at AS sessionExpiresAt
         FROM sessions JOIN tokens ON tokens.id = sessions.token_id WHERE sessions.id = ?`,
    )
    .get(idOfSecret(SESSION_PREFIX, secret));
  const isRight = matchesDigest(secret, row?.digest);
  if (!row || !isRight) return { state: 'unknown' };
  if (row.sessionExpiresAt <= now().toISOString()) {
    return { state: 'expired', name: row.name, tokenId: row.id, since: row.sessionExpiresAt };
  }
  return judgeToken({ authDb, now }, row);
}
