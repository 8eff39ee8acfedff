import { z } from 'zod';
import { isVerifierKey, KEY_TYPES } from './note-key-form.ts';

const MOST_KEYS = 1000;

const key = z
  .string('must be a verifier key')
  .trim()
  .superRefine((text, context) => {
    if (isVerifierKey(text, KEY_TYPES.ed25519)) return;
    // A private key is never printed, not even for the person who wrote it here.
    const message = text.startsWith('PRIVATE+KEY+')
      ? 'is a private key, which only its archive may have: give its public form, <name>+<id>+<base64>'
      : 'must be the verifier key of an archive, <name>+<id>+<base64>, whose base64 begins with A: key.txt of each pack contains it';
    context.addIssue({ code: 'custom', message });
  });

/**
 * `verify` of archive.yaml: the keys with which archives and packs are verified if a command or request names no key.
 */
export const verifyForm = z.strictObject({
  keys: z
    .array(key, 'must be a list of verifier keys')
    .min(1, 'must have at least one key: leave keys out if no key is known')
    .max(MOST_KEYS, `must have at most ${MOST_KEYS} keys`),
});
