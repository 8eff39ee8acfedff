import { signCosignature } from './cosignature.ts';
import { createSigner, type NoteSigner } from './note-key.ts';

/**
 * Returns a witness's signer: it makes a cosignature/v1 with the present time, and its key must have no other use. The
 * witness itself must have verified that the checkpoint continues the last one that it cosigned. Throws BadNoteKey.
 */
export function createCosigner(signingKey: string, now: () => Date): NoteSigner {
  return createSigner(signingKey, 4, (text, key) => signCosignature(text, now(), key));
}
