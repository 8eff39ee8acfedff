import type { NoteSigner } from '../../ledger/notes/note-key.ts';
import type { LastSigner } from './last-signer.ts';

/**
 * Why the key at the path cannot sign; undefined if it is the key that signed the archive last. A second key is never
 * made silently: to users who know the first key, everything that the second signs is false.
 */
export function faultOfKey(
  keyPath: string,
  signer: Pick<NoteSigner, 'name' | 'verifierKey'> | undefined,
  last: LastSigner,
): string | undefined {
  if (signer && last.isKey(signer.verifierKey)) return undefined;
  const found = signer ? `${keyPath} is another key, ${signer.name}` : `its key is not at ${keyPath}`;
  return `The archive is signed by ${last.origin} until now, and ${found}: put it back, or renew it with "ssm-archive key renew". Until then nothing is signed, and everything is still collected.`;
}
