import type { AuthDb } from '../open-auth-db.ts';
import { idOfSecret, matchesDigest } from '../secret.ts';
import { TOKEN_COLUMNS, TOKEN_PREFIX, type TokenRow } from './token-view.ts';

/**
 * Returns the token for that text, even if it is revoked or expired; undefined if there never was one. Does not record
 * a use; verifyToken does.
 */
export function findToken(authDb: AuthDb, text: string): TokenRow | undefined {
  const row = authDb
    .prepare<[string], TokenRow & { digest: Buffer }>(`SELECT ${TOKEN_COLUMNS}, digest FROM tokens WHERE id = ?`)
    .get(idOfSecret(TOKEN_PREFIX, text));
  if (!matchesDigest(text, row?.digest) || row === undefined) return undefined;
  const { digest: _, ...token } = row;
  return token;
}
