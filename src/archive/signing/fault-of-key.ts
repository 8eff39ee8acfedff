import type { NoteSigner } from '../../ledger/notes/note-key.ts';
import type { LastSigner } from './last-signer.ts';

/**
 * Why nothing can be signed by what is at the key's path, or undefined where that is the key that the archive was signed by last. A
 * second key is never made without a word: to those who know the first, all that it signs is false.
 */
export function faultOfKey(
  keyPath: string,
  signer: Pick<NoteSigner, 'name' | 'verifierKey'> | undefined,
  last: LastSigner,
): string | undefined {
  if (signer && last.isKey(signer.verifierKey)) return undefined;
  const found = signer ? `${keyPath} is another key, ${signer.name}` : `its key is not at ${keyPath}`;
  return `The archive is signed by ${last.origin} until now, and ${found}: put it back, or renew it with "ssm-archive key renew". Until then nothing is signed, and all is collected.`;
}
