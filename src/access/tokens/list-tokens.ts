import type { Now } from '../../lib/time.ts';
import type { AuthDb } from '../open-auth-db.ts';
import { TOKEN_COLUMNS, type TokenRow, type TokenView, tokenViewOf } from './token-view.ts';

/** Returns every token and access key that was ever made, the oldest first, including expired and revoked ones. */
export function listTokens({ authDb, now }: { authDb: AuthDb; now: Now }): TokenView[] {
  const at = now().toISOString();
  return authDb
    .prepare<[], TokenRow>(`SELECT ${TOKEN_COLUMNS} FROM tokens ORDER BY created_at, rowid`)
    .all()
    .map((row) => tokenViewOf(row, at));
}
