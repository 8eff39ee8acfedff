import { z } from 'zod';
import { isVerifierKey, KEY_TYPES } from './note-key-form.ts';

const MOST_WITNESSES = 32;

const address = z
  .string('is needed: the address before /add-checkpoint')
  .refine(isPrefix, 'must be the address of a witness, such as https://witness.example.com/w1')
  .transform((url) => url.replace(/\/+$/, ''));

const verifierKey = z
  .string('is needed: the verifier key of the witness')
  .refine(
    (text) => isVerifierKey(text, KEY_TYPES.cosignature),
    'must be the verifier key of a witness for Ed25519 cosignatures, <name>+<id>+<base64>, whose base64 begins with B',
  );

const witnesses = z
  .array(z.strictObject({ url: address, key: verifierKey }))
  .max(MOST_WITNESSES, `must have at most ${MOST_WITNESSES} witnesses`)
  .superRefine((given, context) => {
    const names = given.map(({ key }) => key.split('+')[0]);
    for (const [n, name] of names.entries())
      if (names.indexOf(name) < n)
        context.addIssue({
          code: 'custom',
          path: [n, 'key'],
          message: `is the key of ${name}, which an earlier witness already has`,
        });
  });

/**
 * In the file this is a list. In the environment it is one text: each address is followed by its key, and spaces
 * separate all of them.
 */
export const witnessList = z.preprocess((given) => (typeof given === 'string' ? pairsOf(given) : given), witnesses);

/** Neither an address nor a key has a space. */
function pairsOf(text: string): { url: string | undefined; key: string | undefined }[] {
  const words = text.split(/\s+/).filter(Boolean);
  return Array.from({ length: Math.ceil(words.length / 2) }, (_, n) => ({ url: words[2 * n], key: words[2 * n + 1] }));
}

function isPrefix(text: string): boolean {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) return false;
  const { username, password, search, hash } = new URL(text);
  return username + password + search + hash === '';
}
