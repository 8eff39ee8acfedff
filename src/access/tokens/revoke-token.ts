import { UserFault } from '../../lib/errors/user-fault.ts';
import type { Now } from '../../lib/time.ts';
import { nearNames, proposalOf } from '../../lib/words/near-names.ts';
import type { AuthDb } from '../open-auth-db.ts';
import { idOfSecret } from '../secret.ts';
import {
  ACCESS_KEY_PREFIX,
  TOKEN_COLUMNS,
  TOKEN_PREFIX,
  type TokenRow,
  type TokenView,
  tokenViewOf,
} from './token-view.ts';

/** No token with that name or id can be revoked. */
export class NoSuchToken extends UserFault {
  override name = 'NoSuchToken';

  constructor(message: string) {
    super(message, { exitCode: 2 });
  }
}

/**
 * Revokes the token or access key with that name or id, and its sessions, at once. A whole token, such as one that
 * leaked, is accepted in place of its id. A name stands for all tokens of that name that are not revoked: the live one,
 * and expired ones. Throws NoSuchToken.
 */
export function revokeToken({ authDb, now }: { authDb: AuthDb; now: Now }, nameOrId: string): TokenView[] {
  const isToken = nameOrId.startsWith(TOKEN_PREFIX);
  const isId = isToken || nameOrId.startsWith(ACCESS_KEY_PREFIX);
  const key = isToken ? idOfSecret(TOKEN_PREFIX, nameOrId) : nameOrId;
  const revokedAt = now().toISOString();
  return authDb.write(() => {
    const found = authDb
      .prepare<[string], TokenRow>(`SELECT ${TOKEN_COLUMNS} FROM tokens WHERE ${isId ? 'id' : 'name'} = ?`)
      .all(key);
    const unrevoked = found.filter((row) => row.revokedAt === null);
    if (found.length === 0) {
      const names = authDb
        .prepare<[], string>('SELECT DISTINCT name FROM tokens WHERE revoked_at IS NULL')
        .pluck()
        .all();
      // A whole token or key is secret, so it is not compared with names, and no similar name is proposed.
      const near = isId ? '' : proposalOf(nearNames(key, names));
      throw new NoSuchToken(`There is no token "${key}".${near} "ssm-archive token list" shows all names and ids.`);
    }
    if (unrevoked.length === 0)
      throw new NoSuchToken(`"${key}" is already revoked: this was done at ${found.at(-1)?.revokedAt}.`);
    for (const { id } of unrevoked) {
      authDb.prepare<[string, string], never>('UPDATE tokens SET revoked_at = ? WHERE id = ?').run(revokedAt, id);
    }
    return unrevoked.map((row) => tokenViewOf({ ...row, revokedAt }, revokedAt));
  });
}
