import type { Role } from './roles.ts';

/** What a token begins with. Scanners of source code find it by this. */
export const TOKEN_PREFIX = 'ssm_';

/** A token as lists show it: nothing in it is secret. */
export interface TokenView {
  id: string;
  name: string;
  role: Role;
  state: 'live' | 'expired' | 'revoked';
  createdAt: string;
  /** Null: never. */
  expiresAt: string | null;
  /** To the minute; null: never. */
  lastUsedAt: string | null;
  revokedAt: string | null;
}

export type TokenRow = Omit<TokenView, 'state'>;

export const TOKEN_COLUMNS = `tokens.id, tokens.name, tokens.role, tokens.created_at AS createdAt,
  tokens.expires_at AS expiresAt, tokens.last_used_at AS lastUsedAt, tokens.revoked_at AS revokedAt`;

/** What a token is worth at that time. It has expired at the very moment of `expiresAt`. */
export function stateOf({ revokedAt, expiresAt }: Pick<TokenRow, 'revokedAt' | 'expiresAt'>, at: string) {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && expiresAt <= at ? 'expired' : 'live';
}
