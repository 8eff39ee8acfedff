import type { Role } from '../roles.ts';

/** What a token begins with. Scanners of source code find it by this. */
export const TOKEN_PREFIX = 'ssm_';

/** What the id of an access key begins with. No key of AWS's does. */
export const ACCESS_KEY_PREFIX = 'SSMA';

/** A token or an access key as lists show it: nothing in it is secret. */
export interface TokenView {
  kind: 'token' | 'access key';
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
  /** The accounts and regions that an access key may ask for; null: all. */
  accounts: string[] | null;
  regions: string[] | null;
}

export type TokenRow = Omit<TokenView, 'state' | 'accounts' | 'regions'> & {
  accountsJson: string | null;
  regionsJson: string | null;
};

export const TOKEN_COLUMNS = `tokens.id, tokens.name, tokens.role, tokens.created_at AS createdAt,
  tokens.expires_at AS expiresAt, tokens.last_used_at AS lastUsedAt, tokens.revoked_at AS revokedAt,
  iif(tokens.secret_access_key IS NULL, 'token', 'access key') AS kind,
  tokens.accounts_json AS accountsJson, tokens.regions_json AS regionsJson`;

/** The row as it is shown, at a time. */
export function tokenViewOf({ accountsJson, regionsJson, ...row }: TokenRow, at: string): TokenView {
  return { ...row, accounts: namesOf(accountsJson), regions: namesOf(regionsJson), state: stateOf(row, at) };
}

function namesOf(json: string | null): string[] | null {
  return json === null ? null : (JSON.parse(json) as string[]);
}

/** What a token is worth at that time. It has expired at the very moment of `expiresAt`. */
export function stateOf({ revokedAt, expiresAt }: Pick<TokenRow, 'revokedAt' | 'expiresAt'>, at: string) {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && expiresAt <= at ? 'expired' : 'live';
}
