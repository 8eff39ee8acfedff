import type { Role } from '../roles.ts';

/** The beginning of a token. Scanners of source code find tokens by it. */
export const TOKEN_PREFIX = 'ssm_';

/** The beginning of an access key's id. No key of AWS begins like this. */
export const ACCESS_KEY_PREFIX = 'SSMA';

/** What may be shown of a token or an access key: nothing secret. */
export interface TokenView {
  kind: 'token' | 'access key';
  id: string;
  name: string;
  role: Role;
  state: 'live' | 'expired' | 'revoked';
  createdAt: string;
  /** Null if it never expires. */
  expiresAt: string | null;
  /** When the token was last used, to the minute; null if it was never used. */
  lastUsedAt: string | null;
  revokedAt: string | null;
  /** The accounts and regions that an access key may read; null for all. */
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

/** Returns what is shown of a token, with its state at a time. */
export function tokenViewOf({ accountsJson, regionsJson, ...row }: TokenRow, at: string): TokenView {
  return { ...row, accounts: namesOf(accountsJson), regions: namesOf(regionsJson), state: stateOf(row, at) };
}

function namesOf(json: string | null): string[] | null {
  return json === null ? null : (JSON.parse(json) as string[]);
}

/** Returns whether a token is live, expired or revoked at a time. At the moment of `expiresAt` it has expired. */
export function stateOf({ revokedAt, expiresAt }: Pick<TokenRow, 'revokedAt' | 'expiresAt'>, at: string) {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && expiresAt <= at ? 'expired' : 'live';
}
