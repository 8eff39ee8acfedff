import type { Database } from 'better-sqlite3';
import type { SigningRecord } from '../../ledger/signing-record/read-record.ts';
import { tileStore } from '../../ledger/tiles/tile-store.ts';
import { TileUnfit } from '../../ledger/tiles/tiles.ts';
import { treeRoot } from '../../ledger/tree/tree-root.ts';
import { isSignedBy } from './last-signer.ts';

const WAY_OUT =
  'Put the newest copy of the archive in place, or run "ssm-archive key renew --after-restore", which records in the ledger what is lost. Until then nothing is signed, and everything is still collected.';

/**
 * The key that would sign. `verifierKey` is missing if the key itself can't be read: then the record's own signature is
 * not checked.
 */
export interface Signing {
  origin: string;
  verifierKey: string | undefined;
}

/**
 * Why the archive may not be signed now: its tree does not continue the tree that its key signed last. Undefined if it
 * does.
 */
export function faultOfRecord(
  sqlite: Database,
  { origin, verifierKey }: Signing,
  records: readonly SigningRecord[],
): string | undefined {
  for (const record of records) {
    // Another key's record is no fault if the tree continues what that key signed, because an earlier version replaced
    // keys silently.
    if (record.origin !== origin && faultOfTree(sqlite, record) === undefined) continue;
    if (record.origin !== origin)
      return `The record ${record.path} belongs to the key ${record.origin}, but this archive is signed by ${origin}. Give each key a record of its own: use another path. Until then nothing is signed, and everything is still collected.`;
    if (verifierKey !== undefined && !isSignedBy(record.note, verifierKey))
      return `The record ${record.path} says that it is signed by ${origin}, but its signature is not valid. Put the record back as it was. Until then nothing is signed, and everything is still collected.`;
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
    return `its key has signed ${size} leaves, but the file has only ${leaves}, so the file is an older copy, or it has lost its last leaves`;
  try {
    if (treeRoot(read, size).equals(root)) return undefined;
    return `its key has signed ${size} leaves, but the first ${size} leaves of the file are different ones, so the file has another history`;
  } catch (error) {
    if (!(error instanceof TileUnfit)) throw error;
    return `what its key has signed cannot be checked against the ledger: ${error.message}`;
  }
}
