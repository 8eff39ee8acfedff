import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type MadeCheckpoint, makeCheckpoint } from '../../../src/archive/checkpoints/make-checkpoint.ts';
import { openArchive } from '../../../src/archive/file/open-archive.ts';
import { beginRun, finishRun } from '../../../src/archive/record/record-run.ts';
import { verifyWhole } from '../../../src/archive/verify/verify-whole.ts';
import { type ArchiveDb, openExistingArchive } from '../../../src/db/open.ts';
import { readVerifierKey } from '../../../src/ledger/notes/open-signer.ts';
import { readSigningRecord } from '../../../src/ledger/signing-record/read-record.ts';
import { testProgram } from '../../built-program.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { onTestEnd } from '../../on-test-end.ts';
import { sentences } from '../verify/attacked-archive.ts';

export const now = () => new Date('2026-03-01T09:30:00.000Z');

/** An archive in a folder, signed once, and functions that change, sign and verify it. */
export function signingTrial(folder = tempFolder()) {
  const path = join(folder, 'archive.db');
  const owner = {
    keyPath: join(folder, 'archive-ledger.key'),
    authDb: join(folder, 'auth', 'archive-auth.db'),
    db: path,
  };
  const db = openArchive(path);
  onTestEnd(() => {
    if (db.sqlite.open) db.close();
  });
  const deps = { ...owner, random: randomBytes, now };
  const trial = {
    ...{ folder, path, owner, deps, db, sqlite: db.sqlite },
    /** Adds leaves, as a pass does. */
    grow: (of: ArchiveDb = db) => grow(of),
    sign: (): MadeCheckpoint => makeCheckpoint(db.sqlite, deps),
    record: () => readSigningRecord(owner),
    key: () => readVerifierKey(owner.keyPath) ?? '',
    /** A copy of the archive's file as it is now, under another name in the same folder. */
    copy(name: string): string {
      db.sqlite.pragma('wal_checkpoint(TRUNCATE)');
      copyFileSync(path, join(folder, name));
      return join(folder, name);
    },
    /** Returns the faults that `verify` finds in the archive, given these keys and the signing record. */
    faults(trustedKeys: string[] = []): string {
      const record = readSigningRecord(owner);
      const outside = record && { record: { from: record.path, note: record.note } };
      return sentences(verifyWhole(db.sqlite, { trustedKeys, outside: [], ...outside }));
    },
    files: () => readdirSync(folder).filter((name) => !name.startsWith('archive.db')),
    read: (name: string) => readFileSync(join(folder, name), 'utf8'),
  };
  grow(db);
  trial.sign();
  return trial;
}

/** One more pass without invocations: two leaves, and the row of a run. */
export function grow(db: ArchiveDb): void {
  const at = now().toISOString();
  finishRun(db.sqlite, beginRun(db.sqlite, { startedAt: at, collector: 'here:1' }), {
    finishedAt: at,
    outcome: 'complete',
  });
}

/** Opens a copy, passes it to `work`, and closes it. */
export function withCopy<Result>(path: string, work: (db: ArchiveDb) => Result): Result {
  const db = openExistingArchive(path);
  try {
    return work(db);
  } finally {
    db.close();
  }
}

/**
 * Signs, or renews the key, in a process that ends itself before its n-th step. Returns the note that the process
 * printed, and whether it ran to its end.
 */
export async function signInChild(path: string, keyPath: string, what: 'sign' | 'renew', n: number) {
  const { path: program, execArgv } = testProgram('sign-in-child');
  try {
    const args = [...execArgv, program, path, keyPath, what, String(n)];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    return { note: stdout, isEnded: true };
  } catch (error) {
    const signal = error instanceof Error && 'signal' in error ? error.signal : undefined;
    if (signal !== 'SIGKILL') throw error;
    return { note: error instanceof Error && 'stdout' in error ? String(error.stdout) : '', isEnded: false };
  }
}
