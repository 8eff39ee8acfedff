import { sha256Of } from '../lib/sha256.ts';

const KEY_BYTES = 33;

/** The purpose of a verifier key, by the first byte of its base64 part: https://c2sp.org/signed-note. */
export const KEY_TYPES = { ed25519: 1, cosignature: 4 } as const;

/**
 * Whether a text is a verifier key of this type. Its id must be the beginning of a hash of its name and its base64
 * part.
 */
export function isVerifierKey(text: string, type: (typeof KEY_TYPES)[keyof typeof KEY_TYPES]): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no name in a note may have them
  const form = /^([^\p{White_Space}+\u0000-\u001f]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/u;
  const [, name = '', id = '', base64 = ''] = (text.isWellFormed() && form.exec(text)) || [];
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.toString('base64') !== base64 || bytes.length !== KEY_BYTES || bytes[0] !== type) return false;
  return sha256Of(Buffer.concat([Buffer.from(`${name}\n`), bytes]))
    .toString('hex')
    .startsWith(id);
}
