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

/** A signed statement of how far the ledger is. */
export interface MadeCheckpoint {
  size: number;
  madeAt: string;
  /** As https://c2sp.org/tlog-checkpoint has it. */
  note: string;
}

/** What signs an archive: the key, and the record of what it has signed last, which is beside the key or beside `authDb`. */
export interface SigningDeps extends RecordOwner {
  random(size: number): Buffer;
  now: Now;
}

interface CheckpointDeps extends SigningDeps {
  /** The keys of the witnesses that are to cosign it. */
  witnesses?: readonly string[] | undefined;
}

/**
 * Signs the ledger as it is, and keeps the checkpoint; the one of that size where it is signed already. A key that signs or
 * cosigns for the first time is an entry of the ledger before, so are the cosignatures of the last one, and the checkpoint itself is the last
 * that it speaks of. It is on the disk when this returns, and all that it speaks of, and so is the record that the key has signed it: then it
 * may be shown. Throws SigningRefused where the key is not the one that signed the archive before, or can't be used, and where the ledger does
 * not continue what it has signed.
 */
export function makeCheckpoint(sqlite: Database, deps: CheckpointDeps): MadeCheckpoint {
  const signer = signerOf(sqlite, deps);
  // From what was signed last until that is this, no other process signs: of two, the later could put the earlier tree into the record.
  return holdRecord(deps, (record) => {
    const made = sqlite.transaction(() => signTree(sqlite, signer, record.known, deps)).immediate();
    // If we crash here, the archive has a checkpoint that nobody was shown, and that the next one continues.
    record.write(made.note);
    return made;
  });
}

/** The key that may sign the archive, which is made for one that no key has signed. Throws SigningRefused. */
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

/** Where a record tells of another archive that was here, a new key would sign what nobody has put back yet. */
function firstSigner({ keyPath, random, ...places }: SigningDeps): NoteSigner {
  const there = readSigner(keyPath);
  const [record] = there ? [] : readSigningRecords({ keyPath, ...places });
  if (record)
    throw new SigningRefused(
      `No key has signed this archive yet, and ${record.path} is of ${record.size} leaves that ${record.origin} has signed: put back the archive that has them, and its key at ${keyPath}. Until then nothing is signed, and all is collected.`,
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
  // Another process may have given the archive its first key, or another key, in the meantime.
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

/** The entry of a key that checkpoints are signed by from here on. */
export function keyEntry(verifierKey: string, at: string): string {
  return canonicalJson({ kind: 'key', verifierKey, at });
}

/** Within a transaction: signs all leaves, and a last one that says so. */
export function addCheckpoint(sqlite: Database, signer: NoteSigner, madeAt: string): MadeCheckpoint {
  createLedger(sqlite).add('checkpoint', [canonicalJson({ kind: 'checkpoint', at: madeAt })]);
  const { read, size: count } = tileStore(sqlite);
  const size = count();
  const note = signNote(formatCheckpoint({ origin: signer.name, size, root: treeRoot(read, size) }), signer);
  sqlite.prepare('INSERT INTO ledger_checkpoints (size, made_at, note) VALUES (?, ?, ?)').run(size, madeAt, note);
  return { size, madeAt, note };
}

/** Where there is no record yet, as of a version that made none, the archive's own newest checkpoint is what the key has signed last. */
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
      `The archive can't be signed by ${origin}: ${own}. Run "ssm-archive verify" for what is wrong.`,
    );
}

/** The newest checkpoint that the file has. */
export function newestCheckpoint(sqlite: Database): MadeCheckpoint | undefined {
  return sqlite
    .prepare<[], MadeCheckpoint>(
      'SELECT size, made_at AS madeAt, note FROM ledger_checkpoints ORDER BY size DESC LIMIT 1',
    )
    .get();
}
