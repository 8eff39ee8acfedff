import type { Now } from '../../lib/time.ts';
import type { AuthDb } from '../open-auth-db.ts';
import { findToken } from '../tokens/find-token.ts';
import { stateOf, TOKEN_COLUMNS, type TokenRow } from '../tokens/token-view.ts';
import { FIRST_TOKEN, TOKEN_FILE_SETTING } from './first-token.ts';
import type { SecretFile } from './read-secret-file.ts';

/**
 * Returns why the file was not read although a token exists; undefined if its secret belongs to the first token, which
 * is still valid.
 */
export function warningOf({ authDb, now }: { authDb: AuthDb; now: Now }, file: SecretFile): string | undefined {
  const from = `${file.path} (${TOKEN_FILE_SETTING})`;
  if (!('secret' in file)) {
    return `No token can be read from ${from}, since ${file.fault}. None is needed from it while there are tokens, but a server without any would not start: ${file.remedy}, or leave the setting out.`;
  }
  const token = findToken(authDb, file.secret.text);
  const at = now().toISOString();
  if (token === undefined) return `The secret in ${from} lets nobody in: ${whyUnknown(authDb, at)}.`;
  const state = stateOf(token, at);
  if (state !== 'live') {
    return `The secret in ${from} lets nobody in: the token "${token.name}" (${token.id}) ${endOf(token, state)}, and a file is not read in again. Make another token with "ssm-archive token create", and leave the setting out.`;
  }
  const { name, role } = FIRST_TOKEN;
  if (token.name === name && token.role === role && token.expiresAt === null) return undefined;
  return `The secret in ${from} was not read in as "${name}": it is the token "${token.name}" (${token.id}, ${token.role}, ${token.expiresAt === null ? 'which never expires' : `until ${token.expiresAt}`}), which stays as it is.`;
}

function whyUnknown(authDb: AuthDb, at: string): string {
  const first = findFirst(authDb);
  if (first === undefined) {
    return 'tokens were made before, and a file is read in only if there was never one. Leave the setting out, or use a token that "ssm-archive token create" makes';
  }
  const known = `it is not the token "${first.name}" (${first.id})`;
  const state = stateOf(first, at);
  if (state !== 'live') {
    return `${known}, which ${endOf(first, state)}, and a file is not read in again. Make another token with "ssm-archive token create", and leave the setting out`;
  }
  return `${known}, which stays as it is, since a file is not read in again. Put the old secret back; or make another token with "ssm-archive token create", end this one with "ssm-archive token revoke ${first.name}", and leave the setting out`;
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
