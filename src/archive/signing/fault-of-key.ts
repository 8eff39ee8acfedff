import type { NoteSigner } from '../../ledger/notes/note-key.ts';
import type { LastSigner } from './last-signer.ts';

/**
 * Why the key at the path cannot sign; undefined if it is the key that signed the archive last. The archive never makes
 * a second key silently: users who know only the first key must reject everything that a second key signs.
 */
export function faultOfKey(
  keyPath: string,
  signer: Pick<NoteSigner, 'name' | 'verifierKey'> | undefined,
  last: LastSigner,
): string | undefined {
  if (signer && last.isKey(signer.verifierKey)) return undefined;
  const found = signer ? `${keyPath} is another key, ${signer.name}` : `its key is not at ${keyPath}`;
  return `The archive was signed by ${last.origin} until now, but ${found}. Put the key back, or renew it with "ssm-archive key renew". Until then nothing is signed, and everything is still collected.`;
}
