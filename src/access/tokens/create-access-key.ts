import { sha256 } from '../../lib/sha256.ts';
import { type CreateTokenDeps, insertToken, type NewToken, TokenRefused } from './create-token.ts';
import { ACCESS_KEY_PREFIX, type TokenView } from './token-view.ts';

export interface NewAccessKey extends NewToken {
  /** The 12-digit ids of the accounts that the key may read; undefined for all. */
  accounts: readonly string[] | undefined;
  /** The names of the regions that the key may read; undefined for all. */
  regions: readonly string[] | undefined;
}

const ID_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const ID_RANDOM = 16;
const SECRET_RANDOM = 30;

/**
 * Makes an access key for the AWS endpoint. Its secret is shown only here. Unlike a token's secret, it is stored as
 * plain text, because a signature can't be checked without it. Throws TokenRefused as createToken does, and for an
 * impossible account id or region.
 */
export function createAccessKey(
  { authDb, now, random }: CreateTokenDeps,
  { accounts, regions, ...key }: NewAccessKey,
): { accessKeyId: string; secretAccessKey: string; view: TokenView } {
  for (const account of accounts ?? [])
    if (!/^\d{12}$/.test(account))
      throw new TokenRefused(`"${account}" is not an account id: an account id has 12 digits.`);
  for (const region of regions ?? [])
    if (!/^[a-z]{2,5}(-[a-z]+)+-\d+$/.test(region))
      throw new TokenRefused(`"${region}" is not the name of a region, such as eu-west-1.`);
  const letters = [...random(ID_RANDOM)].map((byte) => ID_CHARACTERS.charAt(byte % ID_CHARACTERS.length));
  const accessKeyId = ACCESS_KEY_PREFIX + letters.join('');
  const secretAccessKey = random(SECRET_RANDOM).toString('base64url');
  const secrets = { id: accessKeyId, digest: sha256(secretAccessKey), secretAccessKey };
  const limits = { accounts: eachOnce(accounts), regions: eachOnce(regions) };
  return { accessKeyId, secretAccessKey, view: insertToken({ authDb, now }, { ...key, ...secrets, ...limits }) };
}

/** An account that is named twice counts once. */
function eachOnce(names: readonly string[] | undefined): string[] | undefined {
  return names && [...new Set(names)];
}
