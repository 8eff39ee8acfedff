import type { AuthDb } from '../open-auth-db.ts';
import { idOfSecret, matchesDigest } from '../secret.ts';
import { TOKEN_COLUMNS, TOKEN_PREFIX, type TokenRow } from './token-view.ts';

/** The token of that text, live or not; undefined where there was never one. Its use is not noted: verifyToken does that. */
export function findToken(authDb: AuthDb, text: string): TokenRow | undefined {
  const row = authDb
    .prepare<[string], TokenRow & { digest: Buffer }>(`SELECT ${TOKEN_COLUMNS}, digest FROM tokens WHERE id = ?`)
    .get(idOfSecret(TOKEN_PREFIX, text));
  if (!matchesDigest(text, row?.digest) || row === undefined) return undefined;
  const { digest: _, ...token } = row;
  return token;
}
