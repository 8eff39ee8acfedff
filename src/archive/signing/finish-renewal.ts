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

/** Where a key lies before the ledger has its entries. */
export function pendingPath(keyPath: string): string {
  return `${keyPath}.new`;
}

/**
 * If a renewal was killed before its end, puts the key whose entries the ledger has in its place. Does nothing if there
 * was no such renewal. Throws the system's errors.
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
 * Call it while the record is held, and once the ledger has the entries of a new key: renames the previous key and its
 * record, and puts the new key in place. The process may be killed after each step: the next one that signs goes on
 * from there. Returns the names of the kept files.
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
