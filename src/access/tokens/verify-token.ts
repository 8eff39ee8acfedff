import { isDiskFull } from '../../lib/errors/is-disk-full.ts';
import { MINUTE_MS, type Now } from '../../lib/time.ts';
import type { Caller } from '../caller.ts';
import type { AuthDb } from '../open-auth-db.ts';
import { findToken } from './find-token.ts';
import { stateOf, type TokenRow } from './token-view.ts';

/**
 * The verdict on a token or session. A guessed secret gets `unknown`; the other verdicts need a secret that was valid
 * once.
 */
export type Verdict =
  | { state: 'live'; caller: Caller; expiresAt: string | null }
  | { state: 'expired' | 'revoked'; name: string; tokenId: string; since: string }
  | { state: 'unknown' };

const USE_IS_WRITTEN_EVERY_MS = MINUTE_MS;

/** Returns the token's holder, and whether the token is valid now. Records the use, at most once a minute. */
export function verifyToken({ authDb, now }: { authDb: AuthDb; now: Now }, token: string): Verdict {
  const row = findToken(authDb, token);
  return row === undefined ? { state: 'unknown' } : judgeToken({ authDb, now }, row);
}

/** Returns the verdict on a token whose holder has proved to hold it. */
export function judgeToken({ authDb, now }: { authDb: AuthDb; now: Now }, row: TokenRow): Verdict {
  const at = now();
  const state = stateOf(row, at.toISOString());
  if (state !== 'live') {
    const since = (state === 'revoked' ? row.revokedAt : row.expiresAt) ?? '';
    return { state, name: row.name, tokenId: row.id, since };
  }
  if (row.lastUsedAt === null || at.getTime() - Date.parse(row.lastUsedAt) >= USE_IS_WRITTEN_EVERY_MS) {
    noteUse(authDb, row.id, at);
  }
  return { state, caller: { name: row.name, role: row.role, tokenId: row.id }, expiresAt: row.expiresAt };
}

/**
 * A full disk does not keep the holder out, although the use can't be recorded: somebody must be able to find the
 * cause.
 */
function noteUse(authDb: AuthDb, id: string, at: Date): void {
  try {
    authDb
      .prepare<[string, string], never>('UPDATE tokens SET last_used_at = ? WHERE id = ?')
      .run(at.toISOString(), id);
  } catch (error) {
    if (!isDiskFull(error)) throw error;
  }
}
