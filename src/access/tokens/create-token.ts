import { UserFault } from '../../lib/errors/user-fault.ts';
import type { Now } from '../../lib/time.ts';
import { LOCAL_CALLER } from '../caller.ts';
import type { AuthDb } from '../open-auth-db.ts';
import type { Role } from '../roles.ts';
import { drawSecret, type RandomBytes } from '../secret.ts';
import { ACCESS_KEY_PREFIX, TOKEN_PREFIX, type TokenView } from './token-view.ts';

/** A token with that name, role or expiry can't be made. */
export class TokenRefused extends UserFault {
  override name = 'TokenRefused';

  constructor(message: string) {
    super(message, { exitCode: 2 });
  }
}

export interface CreateTokenDeps {
  authDb: AuthDb;
  now: Now;
  random: RandomBytes;
}

export interface NewToken {
  name: string;
  role: Role;
  /** Undefined if it never expires. */
  expiresAt: Date | undefined;
}

/**
 * Makes a token. The returned `token` is shown only here: it can't be computed from what is stored. Throws TokenRefused
 * if the name is impossible or a live token has it, or if the token would have expired already.
 */
export function createToken(
  { authDb, now, random }: CreateTokenDeps,
  { name, role, expiresAt }: NewToken,
): { token: string; view: TokenView } {
  const { text, id, digest } = drawSecret(TOKEN_PREFIX, random);
  const view = insertToken({ authDb, now }, { name, role, expiresAt, id, digest });
  return { token: text, view };
}

/** The facts about a token or an access key besides its name, role and expiry. */
interface TokenSecrets {
  id: string;
  digest: Buffer;
  secretAccessKey?: string;
  /** The accounts and regions of an access key; undefined for all. */
  accounts?: readonly string[] | undefined;
  regions?: readonly string[] | undefined;
}

/** Stores a token or an access key. Throws TokenRefused as createToken does. */
export function insertToken(
  { authDb, now }: Omit<CreateTokenDeps, 'random'>,
  { name, role, expiresAt, id, digest, secretAccessKey, accounts, regions }: NewToken & TokenSecrets,
): TokenView {
  const createdAt = now().toISOString();
  const expires = expiresAt?.toISOString() ?? null;
  refuseName(name);
  if (expires !== null && expires <= createdAt) {
    throw new TokenRefused(
      `The token would have expired at ${expires}, and it is ${createdAt} now. Give a later expiry.`,
    );
  }
  authDb.write(() => {
    const taken = authDb
      .prepare<[string, string], { id: string }>(
        'SELECT id FROM tokens WHERE name = ? AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?)',
      )
      .get(name, createdAt);
    if (taken) {
      throw new TokenRefused(
        `A live token is called "${name}" (${taken.id}). Choose another name, or revoke that token first.`,
      );
    }
    authDb
      .prepare<unknown[], never>(
        `INSERT INTO tokens (id, digest, name, role, created_at, expires_at, secret_access_key, accounts_json, regions_json)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        ...[id, digest, name, role, createdAt, expires, secretAccessKey ?? null],
        ...[accounts, regions].map((names) => (names ? JSON.stringify(names) : null)),
      );
  });
  return {
    ...{ id, name, role, createdAt, expiresAt: expires, lastUsedAt: null, revokedAt: null },
    kind: secretAccessKey === undefined ? 'token' : 'access key',
    state: 'live',
    accounts: accounts ? [...accounts] : null,
    regions: regions ? [...regions] : null,
  };
}

function refuseName(name: string): void {
  if (!/^[\p{L}\p{N}][\p{L}\p{N} ._@-]{0,62}$/u.test(name) || name.endsWith(' ')) {
    throw new TokenRefused(
      `"${name}" can't be the name of a token: a name has 1 to 63 letters, digits, spaces or any of ._@- and begins with a letter or a digit.`,
    );
  }
  if (name.startsWith(TOKEN_PREFIX) || name.startsWith(ACCESS_KEY_PREFIX) || name === LOCAL_CALLER.name) {
    throw new TokenRefused(
      `"${name}" can't be the name of a token: "${LOCAL_CALLER.name}" means callers without a token, and ids begin with "${TOKEN_PREFIX}" or "${ACCESS_KEY_PREFIX}". Choose another name.`,
    );
  }
}
