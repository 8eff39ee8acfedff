import { randomBytes } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { openSigner, readSigner } from '../../ledger/notes/open-signer.ts';
import { nameOf, readKeys } from './last-signer.ts';

/**
 * Returns the names of all keys that have signed an archive, the newest last. By these a lake knows which archive is
 * which. For an archive that was never signed it is the name of the key that will sign it, which is made if it is
 * missing. Reads all entries.
 */
export function originsOf(sqlite: Database, keyPath: string): string[] {
  const known = readKeys(sqlite).map(nameOf);
  return known.length > 0 ? known : [openSigner(keyPath, randomBytes).name];
}

/** Returns the same, but makes no key: none for an archive that was never signed and has no key. */
export function knownOriginsOf(sqlite: Database, keyPath: string): string[] {
  const known = readKeys(sqlite).map(nameOf);
  const signer = known.length > 0 ? undefined : readSigner(keyPath);
  return signer ? [signer.name] : known;
}
