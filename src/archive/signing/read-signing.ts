import type { Database } from 'better-sqlite3';
import type { NoteSigner } from '../../ledger/notes/note-key.ts';
import { readSigner } from '../../ledger/notes/open-signer.ts';
import { isHidden, SigningRefused } from '../../ledger/notes/signing-refused.ts';
import { faultOfPlaces } from '../../ledger/signing-record/hold-record.ts';
import { readSigningRecords, type SigningRecord } from '../../ledger/signing-record/read-record.ts';
import type { RecordOwner } from '../../ledger/signing-record/record-places.ts';
import { tileStore } from '../../ledger/tiles/tile-store.ts';
import { systemFault } from '../../lib/errors/path-fault.ts';
import { UserFault } from '../../lib/errors/user-fault.ts';
import { faultOfKey } from './fault-of-key.ts';
import { faultOfRecord } from './fault-of-record.ts';
import { readLastSigner } from './last-signer.ts';

/** Whether and how an archive is signed. */
export interface SigningState {
  /** The name of the key that signed the archive last; null if no key did. */
  origin: string | null;
  /**
   * The number of leaves in the ledger, the number that its newest checkpoint covers, and when that checkpoint was
   * made.
   */
  leaves: number;
  signedLeaves: number;
  signedAt: string | null;
  /** Why the archive cannot be signed any more, and what to do; null if no such reason is known. */
  fault: string | null;
}

/**
 * Whether an archive is signed, and whether the next pass can sign it. Writes nothing. If the user has no permission to
 * read the private key or to write its record, that is a fault only if `isSigner` is set: readers need neither
 * permission.
 */
export function readSigning(
  sqlite: Database,
  owner: RecordOwner,
  { isSigner = false }: { isSigner?: boolean } = {},
): SigningState {
  const newest = sqlite
    .prepare<[], { size: number; madeAt: string }>(
      'SELECT size, made_at AS madeAt FROM main.ledger_checkpoints ORDER BY size DESC LIMIT 1',
    )
    .get();
  const last = readLastSigner(sqlite);
  return {
    origin: last?.origin ?? null,
    leaves: tileStore(sqlite).size(),
    signedLeaves: newest?.size ?? 0,
    signedAt: newest?.madeAt ?? null,
    fault: faultOf(sqlite, owner, isSigner) ?? faultOfLastPass(sqlite, newest?.madeAt) ?? null,
  };
}

function faultOf(sqlite: Database, owner: RecordOwner, isSigner: boolean): string | undefined {
  try {
    const last = readLastSigner(sqlite);
    const signer = signerIfReadable(owner.keyPath, isSigner);
    const fault = last && signer !== 'hidden' ? faultOfKey(owner.keyPath, signer, last) : undefined;
    if (fault !== undefined) return fault;
    const records = recordsIfReadable(owner, isSigner);
    const verifierKey = signer === 'hidden' ? undefined : signer?.verifierKey;
    const origin = last?.origin ?? (signer === 'hidden' ? undefined : signer?.name) ?? records[0]?.origin;
    const ofRecord = origin === undefined ? undefined : faultOfRecord(sqlite, { origin, verifierKey }, records);
    return ofRecord ?? (isSigner && signer !== undefined ? faultOfPlaces(owner) : undefined);
  } catch (error) {
    if (error instanceof SigningRefused) return error.message;
    throw error;
  }
}

function signerIfReadable(keyPath: string, isSigner: boolean): NoteSigner | 'hidden' | undefined {
  try {
    return readSigner(keyPath);
  } catch (error) {
    if (!isSigner && isHidden(error)) return 'hidden';
    throw error;
  }
}

function recordsIfReadable(owner: RecordOwner, isSigner: boolean): SigningRecord[] {
  try {
    return readSigningRecords(owner);
  } catch (error) {
    if (!isSigner && isHidden(error)) return [];
    throw error;
  }
}

/**
 * The fault to report if the last pass was not signed for any reason, such as a full disk, or a key that the service
 * may not read.
 */
function faultOfLastPass(sqlite: Database, signedAt: string | undefined): string | undefined {
  const endedAt = sqlite
    .prepare<[], string>('SELECT finished_at FROM main.runs WHERE finished_at IS NOT NULL ORDER BY id DESC LIMIT 1')
    .pluck()
    .get();
  return endedAt === undefined || (signedAt !== undefined && signedAt >= endedAt)
    ? undefined
    : 'The last pass is not signed; its log says why, and "ssm-archive doctor" says whether the next pass can be signed.';
}

/** Returns a sentence for the process that signs: why the archive could not be signed. Accepts any error. */
export function signingSentence(error: unknown): string {
  if (error instanceof UserFault) return error.message;
  const what = systemFault(error) ?? (error instanceof Error ? error.message : String(error));
  return `The archive could not be signed: ${what}. What was collected is kept, and the next pass signs it too.`;
}
