import type { Database } from 'better-sqlite3';
import { formatCheckpoint } from '../ledger/checkpoint.ts';
import { createLedger } from '../ledger/create-ledger.ts';
import type { NoteSigner } from '../ledger/note-key.ts';
import { openSigner } from '../ledger/open-signer.ts';
import { parseNote, signNote } from '../ledger/signed-note.ts';
import { tileStore } from '../ledger/tile-store.ts';
import { treeRoot } from '../ledger/tree-root.ts';
import { canonicalJson } from '../lib/canonical-json.ts';
import { isoFromMs, type Now } from '../lib/time.ts';
import { noteCosignatures } from './note-cosignatures.ts';
import { noteWitnesses } from './note-witnesses.ts';

/** A signed statement of how far the ledger is. */
export interface MadeCheckpoint {
  size: number;
  madeAt: string;
  /** As https://c2sp.org/tlog-checkpoint has it. */
  note: string;
}

interface CheckpointDeps {
  keyPath: string;
  random(size: number): Buffer;
  now: Now;
  /** The keys of the witnesses that are to cosign it. */
  witnesses?: readonly string[] | undefined;
}

/**
 * Signs the ledger as it is, and keeps the checkpoint; the one of that size where it is signed already. A key that signs or
 * cosigns for the first time is an entry of the ledger before, so are the cosignatures of the last one, and the checkpoint itself is the last
 * that it speaks of. It is on the disk when this returns, and all that it speaks of: then it may be shown. Throws UserFault where the
 * key can't be used.
 */
export function makeCheckpoint(
  sqlite: Database,
  { keyPath, random, now, witnesses = [] }: CheckpointDeps,
): MadeCheckpoint {
  const signer = openSigner(keyPath, random);
  return sqlite
    .transaction((): MadeCheckpoint => {
      const madeAt = isoFromMs(now().getTime());
      const { read, size: count } = tileStore(sqlite);
      const known = newestCheckpoint(sqlite);
      // Looking through all entries for the key takes long where there are many.
      const isKeyKnown = known && isSignedBy(known, signer);
      if (!isKeyKnown) noteKey(sqlite, signer, madeAt);
      noteWitnesses(sqlite, witnesses, madeAt);
      if (isKeyKnown && known.size === count()) return known;
      noteCosignatures(sqlite);
      createLedger(sqlite).add('checkpoint', [canonicalJson({ kind: 'checkpoint', at: madeAt })]);
      const size = count();
      const note = signNote(formatCheckpoint({ origin: signer.name, size, root: treeRoot(read, size) }), signer);
      sqlite.prepare('INSERT INTO ledger_checkpoints (size, made_at, note) VALUES (?, ?, ?)').run(size, madeAt, note);
      return { size, madeAt, note };
    })
    .immediate();
}

/** The newest checkpoint that the file has. */
export function newestCheckpoint(sqlite: Database): MadeCheckpoint | undefined {
  return sqlite
    .prepare<[], MadeCheckpoint>(
      'SELECT size, made_at AS madeAt, note FROM ledger_checkpoints ORDER BY size DESC LIMIT 1',
    )
    .get();
}

function isSignedBy({ note }: MadeCheckpoint, { name, keyId }: NoteSigner): boolean {
  return parseNote(note).signatures.some((signature) => signature.name === name && signature.keyId === keyId);
}

function noteKey(sqlite: Database, { verifierKey }: NoteSigner, at: string): void {
  const last = sqlite
    .prepare<[], string>(
      `SELECT entry_json ->> '$.verifierKey' FROM ledger_entries WHERE kind = 'key' ORDER BY seq DESC LIMIT 1`,
    )
    .pluck()
    .get();
  if (last !== verifierKey) createLedger(sqlite).add('key', [canonicalJson({ kind: 'key', verifierKey, at })]);
}
