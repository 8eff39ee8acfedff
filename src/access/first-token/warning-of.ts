import type { Now } from '../../lib/time.ts';
import type { AuthDb } from '../open-auth-db.ts';
import { findToken } from '../tokens/find-token.ts';
import { stateOf, TOKEN_COLUMNS, type TokenRow } from '../tokens/token-view.ts';
import { FIRST_TOKEN, TOKEN_FILE_SETTING } from './first-token.ts';
import type { SecretFile } from './read-secret-file.ts';

/**
 * Returns a warning about a file that is no longer used because tokens exist already; undefined if its secret belongs
 * to the first token, which is still valid.
 */
export function warningOf({ authDb, now }: { authDb: AuthDb; now: Now }, file: SecretFile): string | undefined {
  const from = `${file.path} (${TOKEN_FILE_SETTING})`;
  if (!('secret' in file)) {
    return `No token can be read from ${from}, because ${file.fault}. The file is not needed while there are tokens, but without a token the server would not start: ${file.remedy}, or remove the setting.`;
  }
  const token = findToken(authDb, file.secret.text);
  const at = now().toISOString();
  if (token === undefined) return `The secret in ${from} lets nobody in: ${whyUnknown(authDb, at)}.`;
  const state = stateOf(token, at);
  if (state !== 'live') {
    return `The secret in ${from} lets nobody in: the token "${token.name}" (${token.id}) ${endOf(token, state)}, and the file makes no second token. Make one with "ssm-archive token create", and remove the setting.`;
  }
  const { name, role } = FIRST_TOKEN;
  if (token.name === name && token.role === role && token.expiresAt === null) return undefined;
  return `The secret in ${from} did not become the token "${name}", because it already belongs to the token "${token.name}" (${token.id}, ${token.role}, ${token.expiresAt === null ? 'which never expires' : `until ${token.expiresAt}`}), which stays as it is.`;
}

function whyUnknown(authDb: AuthDb, at: string): string {
  const first = findFirst(authDb);
  if (first === undefined) {
    return 'tokens were made before, and the file makes a token only if there was never one. Remove the setting, or use a token that "ssm-archive token create" makes';
  }
  const known = `it is not the token "${first.name}" (${first.id})`;
  const state = stateOf(first, at);
  if (state !== 'live') {
    return `${known}, which ${endOf(first, state)}, and the file makes no second token. Make one with "ssm-archive token create", and remove the setting`;
  }
  return `${known}, which stays as it is, because the file makes no second token. Put the old secret back; or make another token with "ssm-archive token create", end the first one with "ssm-archive token revoke ${first.name}", and remove the setting`;
}

/** If several tokens had the name one after another, returns the token that is not revoked, or else the last one. */
function findFirst(authDb: AuthDb): TokenRow | undefined {
  return authDb
    .prepare<[string], TokenRow>(
      `SELECT ${TOKEN_COLUMNS} FROM tokens WHERE name = ? AND secret_access_key IS NULL
        ORDER BY revoked_at IS NOT NULL, created_at DESC LIMIT 1`,
    )
    .get(FIRST_TOKEN.name);
}

function endOf({ revokedAt, expiresAt }: TokenRow, state: 'expired' | 'revoked'): string {
  return state === 'revoked' ? `was revoked at ${revokedAt}` : `expired at ${expiresAt}`;
}
