import { existsSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Database } from 'better-sqlite3';
import { readSigner } from '../../ledger/notes/open-signer.ts';
import { holdRecord } from '../../ledger/signing-record/hold-record.ts';
import type { SigningRecord } from '../../ledger/signing-record/read-record.ts';
import type { RecordOwner } from '../../ledger/signing-record/record-places.ts';
import { syncFolderNow } from '../../lib/files/sync-folder.ts';
import { keptName } from './kept-name.ts';
import { nameOf, readLastKey } from './last-signer.ts';
import { readContinuations } from './read-continuations.ts';

/** The path of a new key until the ledger has the entries about it. */
export function pendingPath(keyPath: string): string {
  return `${keyPath}.new`;
}

/**
 * If a renewal was killed after the ledger had got the entries of the new key, moves that key to its final path. Does
 * nothing if there was no such renewal. Throws the system's errors.
 */
export function finishRenewal(sqlite: Database, owner: RecordOwner): void {
  const pending = readSigner(pendingPath(owner.keyPath));
  const last = readLastKey(sqlite);
  const isCommitted = last !== undefined && readContinuations(sqlite).at(-1)?.verifierKey === last;
  if (!isCommitted) return;
  if (pending?.verifierKey !== last && readSigner(owner.keyPath)?.verifierKey !== last) return;
  holdRecord(owner, ({ known }) => putInPlace(sqlite, owner, known));
}

/**
 * Renames the previous key and its record, and moves the new key to its final path. Call it while the record is locked,
 * after the ledger has got the entries of the new key. The process may be killed after each step; the next process that
 * signs then does the rest. Returns the new names of the previous key and record.
 */
export function putInPlace(sqlite: Database, { keyPath }: RecordOwner, records: readonly SigningRecord[]): string[] {
  const last = readLastKey(sqlite) ?? '';
  const given = readContinuations(sqlite).at(-1);
  const kept: string[] = [];
  const keep = (path: string, origin: string) => {
    const name = keptName(path, origin);
    renameSync(path, name);
    kept.push(name);
  };
  const pending = pendingPath(keyPath);
  if (existsSync(pending) && readSigner(pending)?.verifierKey === last) {
    const before = readSigner(keyPath);
    if (before && before.verifierKey !== last) keep(keyPath, before.name);
    renameSync(pending, keyPath);
    syncFolderNow(dirname(keyPath));
  }
  for (const { path, origin } of records) {
    if (origin === nameOf(last) || (origin !== given?.origin && origin !== given?.signedBy)) continue;
    keep(path, origin);
    syncFolderNow(dirname(path));
  }
  return kept;
}
