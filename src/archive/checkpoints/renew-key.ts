import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Database } from 'better-sqlite3';
import { createLedger } from '../../ledger/create-ledger.ts';
import { parseCheckpoint } from '../../ledger/notes/checkpoint.ts';
import {
  type Continuation,
  continuationEntry,
  handoverText,
  sayContinuation,
} from '../../ledger/notes/continuation.ts';
import type { NoteSigner } from '../../ledger/notes/note-key.ts';
import { makeKey, readSigner } from '../../ledger/notes/open-signer.ts';
import { parseNote, signNote } from '../../ledger/notes/signed-note.ts';
import { SigningRefused } from '../../ledger/notes/signing-refused.ts';
import { holdRecord } from '../../ledger/signing-record/hold-record.ts';
import { readRecordAt, type SigningRecord } from '../../ledger/signing-record/read-record.ts';
import { recordPlaces } from '../../ledger/signing-record/record-places.ts';
import { giveToOwner } from '../../ledger/signing-record/write-as.ts';
import { pathFault, systemFault } from '../../lib/errors/path-fault.ts';
import { syncFolderNow } from '../../lib/files/sync-folder.ts';
import { isoFromMs } from '../../lib/time.ts';
import { faultOfTree } from '../signing/fault-of-record.ts';
import { finishRenewal, pendingPath, putInPlace } from '../signing/finish-renewal.ts';
import { isSignedBy, nameOf, readKeys } from '../signing/last-signer.ts';
import { wasKept } from '../signing/was-kept.ts';
import { addCheckpoint, keyEntry, type SigningDeps } from './make-checkpoint.ts';

export interface RenewDeps extends SigningDeps {
  /**
   * The file of the previous key, if the new key gets a different file. It is kept because other archives may sign with
   * it.
   */
  formerKeyPath?: string | undefined;
  /** Whether signed leaves may be missing from the archive, or may differ. The ledger will say that they are lost. */
  isAfterRestore: boolean;
}

export interface Renewed {
  /** The public form of the new key. */
  verifierKey: string;
  continuation: Continuation;
  checkpoint: { size: number; madeAt: string; note: string };
  /** The files in which the previous key and its record are kept. */
  kept: string[];
}

/**
 * Gives the archive another key. A new entry in the ledger says which tree of the previous key the new key continues,
 * and which leaves that were signed after that tree are lost. If a key that never signed this archive is at the path
 * already, uses that key; if not, makes one. Throws SigningRefused if it is not known whether the previous key signed
 * this archive, or if something is lost and nobody has agreed to that.
 */
export function renewKey(sqlite: Database, deps: RenewDeps): Renewed {
  finishRenewal(sqlite, deps);
  return holdRecord(deps, ({ known: records, write }) => {
    const keys = readKeys(sqlite);
    const last = keys.at(-1);
    if (last === undefined)
      throw new SigningRefused(
        'No key has signed this archive yet, so there is no key to renew. The first checkpoint makes one.',
      );
    const former = readFormer(deps);
    const before = former?.verifierKey === last ? former : undefined;
    const signer = takeKey(deps, keys, records);
    const madeAt = isoFromMs(deps.now().getTime());
    const { continuation, checkpoint } = sqlite
      .transaction(() => {
        const found = continuationOf(sqlite, { last, known: records, deps });
        const facts = { ...found, says: sayContinuation(found), verifierKey: signer.verifierKey };
        const note = before && { note: signNote(handoverText(facts), before) };
        const added: Continuation = { kind: 'continues', at: madeAt, ...facts, ...note };
        const ledger = createLedger(sqlite);
        ledger.add('key', [keyEntry(signer.verifierKey, madeAt)]);
        ledger.add('continues', [continuationEntry(added)]);
        return { continuation: added, checkpoint: addCheckpoint(sqlite, signer, madeAt) };
      })
      .immediate();
    // From here on the ledger has the key. If we crash, the next process that signs moves the key to its path.
    const kept = putInPlace(sqlite, deps, records);
    write(checkpoint.note);
    return { verifierKey: signer.verifierKey, continuation, checkpoint, kept };
  });
}

function readFormer({ keyPath, formerKeyPath }: RenewDeps): NoteSigner | undefined {
  return readSigner(formerKeyPath ?? keyPath);
}

function formerRecords({ formerKeyPath }: RenewDeps): SigningRecord[] {
  if (formerKeyPath === undefined) return [];
  return recordPlaces({ keyPath: formerKeyPath }).flatMap((path) => readRecordAt(path) ?? []);
}

/** The key that will sign. A new key is first made beside its path, and is moved to its path once the ledger has it. */
function takeKey(
  { keyPath, db, random }: RenewDeps,
  keys: readonly string[],
  records: readonly SigningRecord[],
): NoteSigner {
  const there = readSigner(keyPath);
  if (there && !keys.includes(there.verifierKey) && !records.some(({ origin }) => origin === there.name)) return there;
  const path = pendingPath(keyPath);
  // An earlier renewal that was killed before the ledger had its key may have left this file.
  rmSync(path, { force: true });
  try {
    makeKey(path, random);
    giveToOwner(path, there || db === undefined ? keyPath : db);
    syncFolderNow(dirname(path));
  } catch (error) {
    throw notMade(keyPath, error);
  }
  const made = readSigner(path);
  if (!made) throw new SigningRefused(`The new key ${path} was removed while it was being made.`);
  return made;
}

/**
 * Returns a SigningRefused if this user may not write into the folder, for example a folder of mounted secrets. Returns
 * any other error unchanged.
 */
function notMade(keyPath: string, error: unknown): unknown {
  const fault = systemFault(error) ?? pathFault(keyPath, error, 'write');
  if (fault === undefined) return error;
  return new SigningRefused(
    `The new key can't be made in ${dirname(keyPath)}: ${fault}. The previous key stays in use. Run this as a user who may write into that folder, or point SSM_ARCHIVE_LEDGER_KEY at a file in another folder; then give serve and ingest the new key too.`,
    { cause: error },
  );
}

interface Renewal {
  /** The public form of the newest key in the ledger. */
  last: string;
  known: readonly SigningRecord[];
  deps: RenewDeps;
}

type Facts = Pick<Continuation, 'origin' | 'size' | 'root' | 'signed' | 'signedBy' | 'other' | 'unrecorded'>;

/** The newest tree that the new key can continue: the previous key signed it, and the present tree begins with it. */
function continuationOf(sqlite: Database, { last, known, deps }: Renewal): Facts {
  const origin = nameOf(last);
  const fault = refusedBy(sqlite, { last, known, deps });
  const signed = Math.max(0, ...known.map(({ size }) => size));
  const by = known.find(({ size }) => size === signed)?.origin;
  const newest = newestSigned(sqlite, last, fault === undefined ? Number.MAX_SAFE_INTEGER : signed);
  const recorded = fault === undefined ? known.filter((record) => record.origin === origin) : [];
  const [continued] = [...(newest ? [newest] : []), ...recorded].sort((a, b) => b.size - a.size);
  if (!continued)
    throw new SigningRefused(
      `The archive has no checkpoint that ${origin} signed and that matches its first leaves, so there is nothing that the new key can continue: run "ssm-archive verify" to see what is wrong.`,
    );
  const { size, root } = continued;
  return {
    ...{ origin, size, root: root.toString('base64'), signed: Math.max(signed, size) },
    ...otherLeaves(sqlite, deps),
    ...(known.length === 0 && !formerRecords(deps).some((record) => record.origin === origin) && { unrecorded: true }),
    ...(by !== undefined && by !== origin && { signedBy: by }),
  };
}

/**
 * How many leaves the previous key has signed, if this archive does not have all of them. Other archives may share that
 * key, so nobody can know whether these leaves were lost here or never were in this archive.
 */
function otherLeaves(sqlite: Database, deps: RenewDeps): { other?: number } {
  const unlike = formerRecords(deps).filter((record) => faultOfTree(sqlite, record) !== undefined);
  return unlike.length === 0 ? {} : { other: Math.max(...unlike.map(({ size }) => size)) };
}

/**
 * Why the archive does not continue what was signed; undefined if it does. Throws SigningRefused if it does not and
 * nobody has agreed to that.
 */
function refusedBy(sqlite: Database, { last, known, deps }: Renewal): string | undefined {
  const origin = nameOf(last);
  const unlike = known.filter((record) => faultOfTree(sqlite, record) !== undefined);
  const foreign = unlike.find((record) => record.origin !== origin && !wasKept(deps, origin));
  if (foreign)
    throw new SigningRefused(
      `This archive is signed by ${origin}, but ${foreign.path} is the record of ${foreign.origin}: this archive is not a copy of the one that was here before. Put a copy of that archive in place.`,
    );
  const isOlder = unlike.some((record) => record.origin !== origin);
  const faults = unlike.flatMap((record) => faultOfTree(sqlite, record) ?? []);
  const [fault] = isOlder ? [...faults, 'it is a copy from before its key was renewed'] : faults;
  if (fault === undefined || deps.isAfterRestore) return fault;
  throw new SigningRefused(
    `The archive does not have all that was signed: ${fault}. Put the newest copy of the archive in place, or run "ssm-archive key renew --after-restore", which says in the ledger what is lost.`,
  );
}

/**
 * The newest checkpoint that a key signed and that still matches the archive's first leaves. It has fewer leaves than
 * `below`.
 */
function newestSigned(
  sqlite: Database,
  verifierKey: string,
  below: number,
): { size: number; root: Buffer } | undefined {
  const rows = sqlite
    .prepare<[number], { note: string }>('SELECT note FROM main.ledger_checkpoints WHERE size < ? ORDER BY size DESC')
    .iterate(below);
  for (const { note } of rows) {
    if (!isSignedBy(note, verifierKey)) continue;
    const { origin, size, root } = parseCheckpoint(parseNote(note).text);
    const found = { origin, size, root: Buffer.from(root) };
    if (faultOfTree(sqlite, found) === undefined) return found;
  }
  return undefined;
}
