import type { Database } from 'better-sqlite3';
import type { SigningRecord } from '../../ledger/signing-record/read-record.ts';
import { tileStore } from '../../ledger/tiles/tile-store.ts';
import { TileUnfit } from '../../ledger/tiles/tiles.ts';
import { treeRoot } from '../../ledger/tree/tree-root.ts';
import { isSignedBy } from './last-signer.ts';

const WAY_OUT =
  'Put the newest copy of the archive in place, or run "ssm-archive key renew --after-restore", which says in the ledger what is lost. Until then nothing is signed, and everything is still collected.';

/**
 * The key that would sign. `verifierKey` is missing if the key itself can't be read: then the record's own signature is
 * not checked.
 */
export interface Signing {
  origin: string;
  verifierKey: string | undefined;
}

/**
 * Why the archive may not be signed as it is: its tree does not continue what its key signed last. Undefined if it
 * does.
 */
export function faultOfRecord(
  sqlite: Database,
  { origin, verifierKey }: Signing,
  records: readonly SigningRecord[],
): string | undefined {
  for (const record of records) {
    // If the tree begins with what another key signed, that is its history too: an earlier version changed keys
    // silently.
    if (record.origin !== origin && faultOfTree(sqlite, record) === undefined) continue;
    if (record.origin !== origin)
      return `The record ${record.path} is of what ${record.origin} has signed, and this archive is signed by ${origin}: give each key a record of its own, by a path of its own. Until then nothing is signed, and everything is still collected.`;
    if (verifierKey !== undefined && !isSignedBy(record.note, verifierKey))
      return `The record ${record.path} is not signed by ${origin}, as it says: put it back as it was. Until then nothing is signed, and everything is still collected.`;
    const fault = faultOfTree(sqlite, record);
    if (fault !== undefined) return `The archive can't be signed by ${origin}: ${fault}. ${WAY_OUT}`;
  }
  return undefined;
}

/** Why the archive's tree does not begin with the tree that its key signed; undefined if it does. */
export function faultOfTree(
  sqlite: Database,
  { size, root }: Pick<SigningRecord, 'size' | 'root'>,
): string | undefined {
  const { read, size: count } = tileStore(sqlite);
  const leaves = count();
  if (leaves < size)
    return `its key has signed ${size} leaves, the file has ${leaves}: it is an older copy, or has lost what came last`;
  try {
    if (treeRoot(read, size).equals(root)) return undefined;
    return `its key has signed ${size} leaves, and the first ${size} of the file are others: it is another history`;
  } catch (error) {
    if (!(error instanceof TileUnfit)) throw error;
    return `what its key has signed cannot be checked against the ledger: ${error.message}`;
  }
}
