import type { AuthDb } from '../open-auth-db.ts';
import { TOKEN_COLUMNS, type TokenRow } from './token-view.ts';

/** An access key as it is stored, its secret with it. `judgeToken` says what it is worth. */
export type AccessKeyRow = TokenRow & { secretAccessKey: string };

/** The access key of that id, live or not; undefined where there was never one. */
export function findAccessKey(authDb: AuthDb, accessKeyId: string): AccessKeyRow | undefined {
  return authDb
    .prepare<[string], AccessKeyRow>(
      `SELECT ${TOKEN_COLUMNS}, secret_access_key AS secretAccessKey FROM tokens WHERE id = ? AND secret_access_key IS NOT NULL`,
    )
    .get(accessKeyId);
}
