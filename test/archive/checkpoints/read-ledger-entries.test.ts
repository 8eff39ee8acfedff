import { describe, expect, it } from 'vitest';
import {
  LedgerEntryMissing,
  MOST_ENTRIES,
  readLedgerEntries,
} from '../../../src/archive/checkpoints/read-ledger-entries.ts';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import { commitmentOf, committed } from '../../../src/ledger/entries/commitments.ts';
import { hashLeaf } from '../../../src/ledger/tree/hash-leaf.ts';
import { tempArchive } from '../../db/temp-archive.ts';
import { NOW_MS, recordPass, target } from '../archive-with-passes.ts';
import { page, rawInvocation } from '../raw-invocation.ts';

/** An archive whose ledger has pages of several states each, and row entries between the pages. */
function archive(pages: number) {
  const db = tempArchive();
  const record = createSingleReplyRecorder(db.sqlite);
  for (let n = 0; n < pages; n++) {
    record(
      page([1, 2, 3].map((i) => rawInvocation({ CommandId: `c-${n}`, InstanceId: `i-${i}`, Comment: 'é😀\u0000' }))),
    );
    recordPass(db, { startedMs: NOW_MS, failures: [{ target: target(2, 1), error: 'No.' }] });
  }
  return db;
}

describe('readLedgerEntries', () => {
  it('rebuilds each entry byte for byte, so that its hash equals the one in the tree', () => {
    const { sqlite } = archive(4);
    const entries = readLedgerEntries(sqlite, { from: 0, to: 256 });
    expect(entries.map(({ leaf }) => leaf)).toEqual(entries.map((_, n) => n));
    expect(entries.length).toBeGreaterThan(25);
    for (const { leaf, seq, hash, entry } of entries) {
      expect([leaf, hashLeaf(entry ?? '').toString('hex')]).toEqual([seq - 1, hash.toString('hex')]);
    }
    const kinds = new Set(entries.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(['command', 'revision', 'row']);
  });

  it('returns the salts and values of an entry’s commitments', () => {
    const { sqlite } = archive(1);
    const [first] = readLedgerEntries(sqlite, { from: 0, to: 1 });
    const { entry, openings } = { entry: first?.entry ?? '', openings: first?.openings ?? [] };
    const shown = openings.map((opening) => [entry.includes(committed(commitmentOf(opening))), opening.value]);
    expect(shown).toContainEqual([true, '"é😀\\u0000"']);
    expect(shown.every(([isThere]) => isThere)).toBe(true);
    expect(entry.match(/"commitment"/g)).toHaveLength(openings.length);
  });

  it('returns the same entries for a part of the ledger as for the whole, and never more than fit into a tile', () => {
    const { sqlite } = archive(60);
    const whole = readLedgerEntries(sqlite, { from: 0, to: 10_000 });
    expect(whole).toHaveLength(MOST_ENTRIES);
    expect(readLedgerEntries(sqlite, { from: 100, to: 103 })).toEqual(whole.slice(100, 103));
    const across = readLedgerEntries(sqlite, { from: 250, to: 260 });
    expect(across.slice(0, 6)).toEqual(whole.slice(250));
    for (const { hash, entry } of across) expect(hashLeaf(entry ?? '')).toEqual(hash);
  });

  it('returns nothing beyond the end of the ledger', () => {
    const { sqlite } = archive(1);
    const all = readLedgerEntries(sqlite, { from: 0, to: 256 });
    expect(readLedgerEntries(sqlite, { from: all.length - 1, to: 256 })).toEqual(all.slice(-1));
    expect(readLedgerEntries(sqlite, { from: all.length, to: 256 })).toEqual([]);
    expect(readLedgerEntries(sqlite, { from: 5, to: 5 })).toEqual([]);
  });

  it('throws an error that names the leaf whose row was removed', () => {
    const { sqlite } = archive(2);
    const [entry] = readLedgerEntries(sqlite, { from: 0, to: 256 }).filter(({ kind }) => kind === 'row');
    sqlite.exec('DROP TRIGGER ledger_entries_are_not_deleted');
    sqlite.prepare('DELETE FROM ledger_entries WHERE seq = ?').run(entry?.seq);
    const read = () => readLedgerEntries(sqlite, { from: 0, to: 256 });
    expect(read).toThrow(LedgerEntryMissing);
    expect(read).toThrow(`no entry for leaf ${entry?.leaf} `);
  });
});
