import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { addCheckpoint, makeCheckpoint } from '../../../src/archive/checkpoints/make-checkpoint.ts';
import { renewKey } from '../../../src/archive/checkpoints/renew-key.ts';
import { nameOf, readKeys } from '../../../src/archive/signing/last-signer.ts';
import { readContinuations } from '../../../src/archive/signing/read-continuations.ts';
import { createNoteKey, parseSigningKey } from '../../../src/ledger/notes/note-key.ts';
import { signNote } from '../../../src/ledger/notes/signed-note.ts';
import { signInChild, signingTrial } from '../signing/signing-trial.ts';
import { asAttacker } from '../verify/attacked-archive.ts';
import { rebuildTree } from '../verify/rebuild-tree.ts';

describe('renewing a key', () => {
  it('leaves either the old key or the new key, with all of that key’s files, whenever the process is killed; the next process continues', async () => {
    let n = 0;
    let isEnded = false;
    const states = new Set<string>();
    while (!isEnded) {
      const trial = signingTrial();
      const before = trial.key();
      const secret = trial.read('archive-ledger.key');
      trial.grow();
      const killed = await signInChild(trial.path, trial.owner.keyPath, 'renew', ++n);
      isEnded = killed.isEnded;
      states.add(
        trial
          .files()
          .map((name) => name.replaceAll(/[0-9a-f]{16}|[0-9a-f-]{36}/g, '#'))
          .join(),
      );
      const made = makeCheckpoint(trial.sqlite, trial.deps);
      const isRenewed = readContinuations(trial.sqlite).length === 1;
      expect(trial.record()?.note).toBe(made.note);
      expect(readKeys(trial.sqlite)).toEqual(isRenewed ? [before, trial.key()] : [before]);
      expect(trial.files().map(trial.read)).toContain(secret);
      expect(trial.faults([trial.key()])).toBe('');
      expect(trial.faults([before])).toBe('');
      expect(trial.files().filter((name) => name.endsWith('.old'))).toHaveLength(isRenewed ? 2 : 0);
    }
    expect(states.size).toBeGreaterThan(4);
  }, 120_000);

  it('never brings back the previous key, and notes each renewal in the ledger', () => {
    const { sqlite, deps, grow, key, faults } = signingTrial();
    const keys = [key()];
    for (let n = 0; n < 3; n++) {
      grow();
      renewKey(sqlite, { ...deps, isAfterRestore: false });
      keys.push(key());
    }
    expect(readKeys(sqlite)).toEqual(keys);
    expect(new Set(keys).size).toBe(4);
    expect(readContinuations(sqlite).map(({ origin }) => origin)).toEqual(keys.slice(0, 3).map(nameOf));
    for (const one of keys) expect(faults([one])).toBe('');
  });

  it('says that nobody knows whether signed leaves are lost, if no record shows what the previous key signed', () => {
    const { sqlite, deps, grow, key, faults, record } = signingTrial();
    const before = key();
    grow();
    rmSync(record()?.path ?? '');
    renewKey(sqlite, { ...deps, isAfterRestore: false });
    const says = /no record of what it signed last was there, .* is not known$/;
    expect(readContinuations(sqlite).map((each) => each.says)).toEqual([expect.stringMatching(says)]);
    expect(faults([before])).toMatch(says);
    expect(faults([key()])).toBe('');
  });

  it('is refused if no key has signed the archive yet', () => {
    const { sqlite, deps } = signingTrial();
    asAttacker(sqlite, () =>
      sqlite.exec("DELETE FROM ledger_checkpoints; DELETE FROM ledger_entries WHERE kind = 'key'"),
    );
    expect(() => renewKey(sqlite, { ...deps, isAfterRestore: true })).toThrow(/No key has signed this archive yet/);
  });
});

describe('the ledger entry about a renewed key', () => {
  /**
   * Returns the faults that `verify` finds after an owner of the new key has changed the entry about the renewal and
   * signed everything again.
   */
  function afterForging(change: (entry: Record<string, unknown>) => Record<string, unknown>): string {
    const trial = signingTrial();
    const { sqlite, deps, grow, faults, key } = trial;
    grow();
    renewKey(sqlite, { ...deps, isAfterRestore: false });
    const [seq, entry] = sqlite
      .prepare<[], [number, string]>("SELECT seq, entry_json FROM ledger_entries WHERE kind = 'continues'")
      .raw()
      .get() ?? [0, '{}'];
    asAttacker(sqlite, () => {
      const changed = JSON.stringify(change(JSON.parse(entry)));
      sqlite.prepare('UPDATE ledger_entries SET entry_json = ? WHERE seq = ?').run(changed, seq);
      rebuildTree(sqlite);
      sqlite.prepare('DELETE FROM ledger_checkpoints WHERE size > ?').run(seq);
      sqlite.prepare("DELETE FROM ledger_entries WHERE kind = 'checkpoint' AND seq > ?").run(seq);
    });
    return faults([key()]);
  }

  const other = parseSigningKey(createNoteKey('ssm-archive/other', (size) => Buffer.alloc(size, 9)).signingKey);

  it.each([
    ['the origin', { origin: 'ssm-archive/other' }, /does not continue the previous key/],
    ['the size', { size: 1 }, /says something else in words than in numbers/],
    [
      'the size and the words',
      { size: 1, says: undefined },
      /does not have the form of its kind|says something else in words/,
    ],
    ['the number of signed leaves', { signed: 1000 }, /says something else in words than in numbers/],
    ['the words', { says: 'continues nothing' }, /says something else in words than in numbers/],
    ['the key', { verifierKey: other.verifierKey }, /does not follow the entry of its key/],
    ['the note', { note: signNote('another text\n', other) }, /has a note that cannot be believed/],
    ['the form of a member', { size: 'x' }, /does not have the form of its kind, continues/],
  ])('is reported by `verify` if an attacker changed %s', (_, change, says) => {
    expect(afterForging((entry) => ({ ...entry, ...change }))).toMatch(says);
  });

  it('is reported by `verify` if it was changed and the tree was not rebuilt', () => {
    const { sqlite, deps, faults } = signingTrial();
    renewKey(sqlite, { ...deps, isAfterRestore: false });
    asAttacker(sqlite, () =>
      sqlite.exec(
        `UPDATE ledger_entries SET entry_json = replace(entry_json, '"signed":', '"signed":1') WHERE kind = 'continues'`,
      ),
    );
    expect(faults()).toMatch(/entry \d+ of the ledger/);
  });

  it('lets `verify` report that the previous key signed the archive again after the renewal', () => {
    const { sqlite, deps, grow, key, faults, read } = signingTrial();
    const before = parseSigningKey(read('archive-ledger.key').trim());
    renewKey(sqlite, { ...deps, isAfterRestore: false });
    grow();
    const at = deps.now().toISOString();
    addCheckpoint(sqlite, before, at);
    grow();
    addCheckpoint(sqlite, parseSigningKey(read('archive-ledger.key').trim()), at);
    expect(faults([key()])).toMatch(
      new RegExp(`is signed by ${before.name}, although another key had taken over from it`),
    );
  });
});
