import { chmodSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeCheckpoint, newestCheckpoint } from '../../../src/archive/checkpoints/make-checkpoint.ts';
import { readSigning } from '../../../src/archive/signing/read-signing.ts';
import { holdRecord } from '../../../src/ledger/signing-record/hold-record.ts';
import { recordPlaces } from '../../../src/ledger/signing-record/record-places.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { asAttacker } from '../verify/attacked-archive.ts';
import { signInChild, signingTrial, withCopy } from './signing-trial.ts';

describe('the record of what a key signed last', () => {
  it('is beside the key, has the newest checkpoint as it was signed, and is updated with each new checkpoint', () => {
    const { sign, grow, record, read } = signingTrial();
    const first = record();
    grow();
    const made = sign();
    expect(record()).toMatchObject({ size: made.size, note: made.note });
    expect(read('archive-ledger.signed')).toBe(made.note);
    expect(first?.size).toBeLessThan(made.size);
    // If nothing was added, nothing is signed again.
    expect(sign()).toEqual(made);
    expect(read('archive-ledger.signed')).toBe(made.note);
  });

  it('is named after the key’s file, and after the archive too if it is beside auth.db', () => {
    expect(recordPlaces({ keyPath: '/k/ledger.key', authDb: '/d/archive-auth.db' })).toEqual([
      '/k/ledger.signed',
      '/d/archive-ledger.signed',
    ]);
    expect(recordPlaces({ keyPath: '/d/archive-ledger.key', authDb: '/d/archive-auth.db' })).toHaveLength(1);
    expect(recordPlaces({ keyPath: '/k/signing', authDb: '/d/a.sqlite.auth.db' })).toEqual([
      '/k/signing.signed',
      '/d/a.sqlite.ledger.signed',
    ]);
    expect(recordPlaces({ keyPath: '/k/x.key', authDb: '/t/tokens.db', db: '/d/archive.db' })[1]).toBe(
      '/t/archive-ledger.signed',
    );
  });

  it('names a checkpoint that the archive has, at whatever step the process is killed; the next pass continues from it', async () => {
    const { path, owner, db, record, grow, sign, faults, key } = signingTrial();
    let n = 0;
    let isEnded = false;
    const left = new Set<string>();
    while (!isEnded) {
      grow();
      const before = record();
      const killed = await signInChild(path, owner.keyPath, 'sign', ++n);
      isEnded = killed.isEnded;
      const after = record();
      const newest = newestCheckpoint(db.sqlite);
      // A note is stored in the record before it is shown to others.
      if (killed.note !== '') expect(after?.note).toBe(killed.note);
      expect(after?.size).toBeGreaterThanOrEqual(before?.size ?? 0);
      expect(newest?.size).toBeGreaterThanOrEqual(after?.size ?? 0);
      left.add(`${after?.size === before?.size} ${newest?.size === after?.size}`);
      expect(sign().note).toBe(record()?.note);
      expect(faults([key()])).toBe('');
    }
    // Some processes were killed before the commit, some between the commit and the record, and some after both.
    expect([...left].sort()).toEqual(['false true', 'true false', 'true true']);
  });

  it('refuses a tree that is shorter or different, at every attempt, and stays unchanged', () => {
    const { deps, copy, grow, sign, record, read } = signingTrial();
    const old = copy('old.db');
    grow();
    grow();
    sign();
    const note = read('archive-ledger.signed');
    withCopy(old, (db) => {
      const before = newestCheckpoint(db.sqlite);
      expect(() => makeCheckpoint(db.sqlite, deps)).toThrow(
        /its key has signed \d+ leaves, but the file has only \d+, so /,
      );
      for (let n = 0; n < 5; n++) grow(db);
      expect(() => makeCheckpoint(db.sqlite, deps)).toThrow(/the first \d+ leaves of the file are different ones, so /);
      expect(newestCheckpoint(db.sqlite)).toEqual(before);
    });
    expect([record()?.note, read('archive-ledger.signed')]).toEqual([note, note]);
  });

  it('never returns to an earlier checkpoint if two files are signed with one key at the same time', async () => {
    const { path, owner, copy, grow, record, db } = signingTrial();
    const other = copy('other.db');
    grow();
    withCopy(other, (copied) => {
      grow(copied);
      grow(copied);
    });
    const results = await Promise.allSettled(
      [path, other, path, other].map((file) => signInChild(file, owner.keyPath, 'sign', 0)),
    );
    const shown = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value.note] : []));
    // All checkpoints come from one of the two files. Checkpoints from both would be a fork.
    expect(new Set(shown).size).toBe(1);
    expect(record()?.note).toBe(shown[0]);
    const own = newestCheckpoint(db.sqlite)?.note;
    const copied = withCopy(other, (file) => newestCheckpoint(file.sqlite)?.note);
    expect([own, copied].filter((note) => note === shown[0])).toHaveLength(1);
  });

  it('begins with the archive’s own newest checkpoint if there is no record yet, as after an earlier version', () => {
    const { owner, sign, grow, record, copy, deps } = signingTrial();
    const [path = ''] = recordPlaces(owner);
    rmSync(path);
    const old = copy('old.db');
    grow();
    const made = sign();
    expect(record()?.note).toBe(made.note);
    // A tree that does not begin with the tree of its own newest checkpoint is not signed either.
    rmSync(path);
    withCopy(old, ({ sqlite }) => {
      asAttacker(sqlite, () => sqlite.exec('UPDATE ledger_tiles SET hashes = zeroblob(length(hashes))'));
      expect(() => makeCheckpoint(sqlite, deps)).toThrow(/can't be signed by .* Run "ssm-archive verify"/);
    });
  });

  it.each([
    ['is not a note', () => 'garbage', /can't be read: /],
    [
      'belongs to another key and another tree',
      (note: string) => note.replaceAll(/ssm-archive\/\w+/g, 'ssm-archive/other').replace(/\n(\d+)\n/, '\n1\n'),
      /belongs to the key ssm-archive\/other, but/,
    ],
    ['is not signed by its key', (note: string) => note.replace(/\n(\d+)\n/, '\n1\n'), /its signature is not valid/],
  ])('stops signing until a person has looked at it, and is not changed, if it %s', (_, change, says) => {
    const { owner, sign, grow, read, sqlite } = signingTrial();
    const [path = ''] = recordPlaces(owner);
    const changed = change(read('archive-ledger.signed'));
    writeFileSync(path, changed);
    grow();
    expect(sign).toThrow(says);
    expect(readSigning(sqlite, owner).fault).toMatch(says);
    expect(read('archive-ledger.signed')).toBe(changed);
  });

  it('is beside auth.db if the key’s folder can’t be written; each signing reads the records in both places', () => {
    const folder = tempFolder();
    for (const name of ['key', 'data']) mkdirSync(join(folder, name));
    const owner = { keyPath: join(folder, 'key', 'ledger.key'), authDb: join(folder, 'data', 'archive-auth.db') };
    const note = signingTrial().record()?.note ?? '';
    const unwritable = { ...owner, keyPath: join('/proc', 'ledger.key') };
    holdRecord(unwritable, ({ write }) => write(note));
    expect(existsSync(join(folder, 'data', 'archive-ledger.signed'))).toBe(true);
    holdRecord(owner, ({ known }) => expect(known.map((record) => record.note)).toEqual([note]));
    expect(() => holdRecord({ keyPath: '/proc/ledger.key', authDb: '/proc/auth.db' }, () => {})).toThrow(
      /can't be recorded in \/proc.*Let this user write/,
    );
  });

  it('keeps the mode that somebody gave it', () => {
    const { sign, grow, owner } = signingTrial();
    const [path = ''] = recordPlaces(owner);
    chmodSync(path, 0o644);
    grow();
    sign();
    expect(statSync(path).mode & 0o777).toBe(0o644);
  });
});
