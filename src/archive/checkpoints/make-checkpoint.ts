import type { Database } from 'better-sqlite3';
import { createLedger } from '../../ledger/create-ledger.ts';
import { formatCheckpoint, parseCheckpoint } from '../../ledger/notes/checkpoint.ts';
import type { NoteSigner } from '../../ledger/notes/note-key.ts';
import { openSigner, readSigner } from '../../ledger/notes/open-signer.ts';
import { parseNote, signNote } from '../../ledger/notes/signed-note.ts';
import { SigningRefused } from '../../ledger/notes/signing-refused.ts';
import { holdRecord } from '../../ledger/signing-record/hold-record.ts';
import { readSigningRecords, type SigningRecord } from '../../ledger/signing-record/read-record.ts';
import type { RecordOwner } from '../../ledger/signing-record/record-places.ts';
import { tileStore } from '../../ledger/tiles/tile-store.ts';
import { treeRoot } from '../../ledger/tree/tree-root.ts';
import { canonicalJson } from '../../lib/json/canonical-json.ts';
import { isoFromMs, type Now } from '../../lib/time.ts';
import { faultOfKey } from '../signing/fault-of-key.ts';
import { faultOfRecord, faultOfTree } from '../signing/fault-of-record.ts';
import { finishRenewal } from '../signing/finish-renewal.ts';
import { readLastSigner } from '../signing/last-signer.ts';
import { noteCosignatures } from './note-cosignatures.ts';
import { noteWitnesses } from './note-witnesses.ts';

/** A signed statement of the ledger's size and root. */
export interface MadeCheckpoint {
  size: number;
  madeAt: string;
  /** The statement in the form of https://c2sp.org/tlog-checkpoint. */
  note: string;
}

/**
 * What is needed to sign an archive: the key, and the record of what the key signed last. The record is beside the key
 * or beside `authDb`.
 */
export interface SigningDeps extends RecordOwner {
  random(size: number): Buffer;
  now: Now;
}

interface CheckpointDeps extends SigningDeps {
  /** The keys of the witnesses that will cosign the checkpoint. */
  witnesses?: readonly string[] | undefined;
}

/**
 * Signs the present ledger and stores the checkpoint. If a ledger of that size is signed already, returns the existing
 * checkpoint. First adds entries to the ledger for each key that signs or cosigns for the first time and for the
 * cosignatures of the last checkpoint. The last leaf is the checkpoint's own entry. When this returns, the checkpoint,
 * all its leaves and the record that the key signed it are on disk, so it may be published. Throws SigningRefused if
 * the key can't be used, if another key signed the archive before, or if the ledger does not continue what the key
 * signed.
 */
export function makeCheckpoint(sqlite: Database, deps: CheckpointDeps): MadeCheckpoint {
  const signer = signerOf(sqlite, deps);
  // No other process may sign between reading the record and writing it. If two signed at once, the later one could put
  // the earlier tree into the record.
  return holdRecord(deps, (record) => {
    const made = sqlite.transaction(() => signTree(sqlite, signer, record.known, deps)).immediate();
    // If we crash here, the archive has a checkpoint that nobody has seen. The next checkpoint continues it.
    record.write(made.note);
    return made;
  });
}

/** Returns the key that may sign the archive. Makes a key if none has signed it yet. Throws SigningRefused. */
export function signerOf(sqlite: Database, deps: SigningDeps): NoteSigner {
  const { keyPath } = deps;
  const last = readLastSigner(sqlite);
  if (!last) return firstSigner(deps);
  let signer = readSigner(keyPath);
  const isOf = (record: SigningRecord) => record.origin === last.origin;
  if (!signer || !last.isKey(signer.verifierKey) || !readSigningRecords(deps).every(isOf)) {
    finishRenewal(sqlite, deps);
    signer = readSigner(keyPath);
  }
  const fault = faultOfKey(keyPath, signer, last);
  if (!signer || fault !== undefined) throw new SigningRefused(fault ?? 'The key is missing.');
  return signer;
}

/**
 * Refuses to make a key if a record shows that another archive was here before, because that archive may still be
 * restored.
 */
function firstSigner({ keyPath, random, ...places }: SigningDeps): NoteSigner {
  const there = readSigner(keyPath);
  const [record] = there ? [] : readSigningRecords({ keyPath, ...places });
  if (record)
    throw new SigningRefused(
      `No key has signed this archive yet, but ${record.path} says that ${record.origin} has signed ${record.size} leaves: restore the archive that has these leaves, and its key at ${keyPath}. Until then nothing is signed, but everything is still collected.`,
    );
  return there ?? openSigner(keyPath, random);
}

function signTree(
  sqlite: Database,
  signer: NoteSigner,
  records: readonly SigningRecord[],
  { keyPath, now, witnesses = [] }: CheckpointDeps,
): MadeCheckpoint {
  const madeAt = isoFromMs(now().getTime());
  // Since the key was read, another process may have given the archive its first key or a different one.
  const last = readLastSigner(sqlite);
  const fault = last && faultOfKey(keyPath, signer, last);
  if (fault !== undefined) throw new SigningRefused(fault);
  const known = newestCheckpoint(sqlite);
  refuseFork(sqlite, signer, records, last && known);
  if (!last) createLedger(sqlite).add('key', [keyEntry(signer.verifierKey, madeAt)]);
  noteWitnesses(sqlite, witnesses, madeAt);
  if (known && known.size === tileStore(sqlite).size()) return known;
  noteCosignatures(sqlite);
  return addCheckpoint(sqlite, signer, madeAt);
}

/** The entry for a key that signs checkpoints from now on. */
export function keyEntry(verifierKey: string, at: string): string {
  return canonicalJson({ kind: 'key', verifierKey, at });
}

/** Adds a last leaf for this checkpoint, and signs all leaves. Call it within a transaction. */
export function addCheckpoint(sqlite: Database, signer: NoteSigner, madeAt: string): MadeCheckpoint {
  createLedger(sqlite).add('checkpoint', [canonicalJson({ kind: 'checkpoint', at: madeAt })]);
  const { read, size: count } = tileStore(sqlite);
  const size = count();
  const note = signNote(formatCheckpoint({ origin: signer.name, size, root: treeRoot(read, size) }), signer);
  sqlite.prepare('INSERT INTO ledger_checkpoints (size, made_at, note) VALUES (?, ?, ?)').run(size, madeAt, note);
  return { size, madeAt, note };
}

/**
 * Throws SigningRefused if the ledger does not continue what the key signed last, according to the record and to the
 * archive's own newest checkpoint. Archives of older versions have no record.
 */
function refuseFork(
  sqlite: Database,
  { name: origin, verifierKey }: NoteSigner,
  records: readonly SigningRecord[],
  known: MadeCheckpoint | undefined,
): void {
  const fault = faultOfRecord(sqlite, { origin, verifierKey }, records);
  if (fault !== undefined) throw new SigningRefused(fault);
  if (!known) return;
  const { size, root } = parseCheckpoint(parseNote(known.note).text);
  const own = faultOfTree(sqlite, { size, root: Buffer.from(root) });
  if (own !== undefined)
    throw new SigningRefused(
      `The archive can't be signed by ${origin}: ${own}. Run "ssm-archive verify" to see what is wrong.`,
    );
}

/** The newest checkpoint in the file. */
export function newestCheckpoint(sqlite: Database): MadeCheckpoint | undefined {
  return sqlite
    .prepare<[], MadeCheckpoint>(
      'SELECT size, made_at AS madeAt, note FROM ledger_checkpoints ORDER BY size DESC LIMIT 1',
    )
    .get();
}
