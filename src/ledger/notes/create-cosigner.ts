import { signCosignature } from './cosignature.ts';
import { createSigner, type NoteSigner } from './note-key.ts';

/**
 * Returns a witness's signer, which makes a cosignature/v1 with the present time. The key must not be used for anything
 * else. Before the witness signs, it must verify that the checkpoint continues the last one that it cosigned. Throws
 * BadNoteKey.
 */
export function createCosigner(signingKey: string, now: () => Date): NoteSigner {
  return createSigner(signingKey, 4, (text, key) => signCosignature(text, now(), key));
}
