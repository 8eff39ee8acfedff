import { signCosignature } from './cosignature.ts';
import { createSigner, type NoteSigner } from './note-key.ts';

/**
 * A witness: what it signs is a cosignature/v1, with the time at which it did, of a key that it uses for nothing else.
 * It must have verified by itself that the checkpoint goes on from the last that it cosigned. Throws BadNoteKey.
 */
export function createCosigner(signingKey: string, now: () => Date): NoteSigner {
  return createSigner(signingKey, 4, (text, key) => signCosignature(text, now(), key));
}
