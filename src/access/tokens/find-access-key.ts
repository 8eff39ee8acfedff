import type { AuthDb } from '../open-auth-db.ts';
import { TOKEN_COLUMNS, type TokenRow } from './token-view.ts';

/** An access key as it is stored, with its secret. `judgeToken` says whether it is still valid. */
export type AccessKeyRow = TokenRow & { secretAccessKey: string };

/** Returns the access key with that id, even if it is revoked or expired; undefined if there never was one. */
export function findAccessKey(authDb: AuthDb, accessKeyId: string): AccessKeyRow | undefined {
  return authDb
    .prepare<[string], AccessKeyRow>(
      `SELECT ${TOKEN_COLUMNS}, secret_access_key AS secretAccessKey FROM tokens WHERE id = ? AND secret_access_key IS NOT NULL`,
    )
    .get(accessKeyId);
}
