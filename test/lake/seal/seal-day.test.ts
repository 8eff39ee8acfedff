import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readFloor } from '../../../src/archive/sealed/read-floor.ts';
import { readSealedDay } from '../../../src/archive/sealed/read-sealed-days.ts';
import { ManifestFile } from '../../../src/lake/seal/manifest-file.ts';
import { sealDay } from '../../../src/lake/seal/seal-day.ts';
import type { SealStep } from '../../../src/lake/seal/seal-deps.ts';
import { SealedEntry } from '../../../src/ledger/entries/sealed-entry.ts';
import { sealedArchive } from '../sealed-archive.ts';

describe('a sealed day', () => {
  it('has no row in SQLite any more, while the ledger and the counts of days stay as they were', async () => {
    const { sqlite, days, sealed, deps } = await sealedArchive({ sealed: 0 });
    expect(sealed).toEqual([]);
    const [day = ''] = days;
    const count = (sql: string) => Number(sqlite.prepare(sql).pluck().get());
    const tables = ['invocations', 'plugins', 'revisions', 'outputs', 'revision_pages'];
    const before = new Map(tables.map((table) => [table, count(`SELECT count(*) FROM ${table}`)]));
    const counts = sqlite.prepare('SELECT * FROM daily_counts').all();
    const ofDay = count(`SELECT count(*) FROM invocations WHERE requested_at LIKE '${day}%'`);
    const sealedNow = await sealDay(deps, day);
    expect(sealedNow).toMatchObject({ day, generation: 1, invocations: ofDay, removed: ofDay });
    expect(count(`SELECT count(*) FROM invocations WHERE requested_at LIKE '${day}%'`)).toBe(0);
    for (const table of ['invocations', 'plugins', 'revisions'])
      expect(count(`SELECT count(*) FROM ${table}`), table).toBeLessThan(before.get(table) ?? 0);
    expect(count('SELECT count(*) FROM invocations')).toBe((before.get('invocations') ?? 0) - ofDay);
    expect(sqlite.prepare('SELECT * FROM daily_counts').all()).toEqual(counts);
    expect(sqlite.pragma('foreign_key_check')).toEqual([]);
    expect(
      count(`SELECT count(*) FROM sealed_values WHERE kind = 'instanceId' AND first_day = '${day}'`),
    ).toBeGreaterThan(0);
    expect(count('SELECT count(*) FROM outputs_fts_docsize WHERE id NOT IN (SELECT id FROM outputs)')).toBe(0);
    const next = new Date(`${day}T00:00:00Z`);
    next.setUTCDate(next.getUTCDate() + 1);
    expect(readFloor(sqlite)).toBe(next.toISOString().slice(0, 10));
  });

  it('is a leaf of the ledger that names each object of the lake and the manifest by their digests', async () => {
    const { sqlite, sealed, lake } = await sealedArchive({ sealed: 2 });
    for (const day of sealed) {
      const row = readSealedDay(sqlite, day);
      const json = sqlite.prepare('SELECT entry_json FROM ledger_entries WHERE seq = ?').pluck().get(row?.entrySeq);
      const entry = SealedEntry.parse(JSON.parse(String(json)));
      expect(entry.objects).toEqual(row?.objects);
      for (const { key, sha256 } of entry.objects) expect(digestOf(join(lake, key))).toBe(sha256);
      const file = ManifestFile.parse(
        JSON.parse(readFileSync(join(lake, `_ledger/archive-0/sealed/day=${day}/g1.json`), 'utf8')),
      );
      expect(createHash('sha256').update(file.manifest).digest('hex')).toBe(entry.manifest);
      expect(file.entry).toBe(json);
      expect(file.proof?.leaf).toBe((row?.entrySeq ?? 0) - 1);
    }
    expect(sqlite.prepare('SELECT count(*) FROM seal_intents').pluck().get()).toBe(0);
  });

  it('is sealed once, whichever step the seal was interrupted at: the next call goes on', async () => {
    const { sqlite, days, deps } = await sealedArchive({ sealed: 0, invocations: 120 });
    const steps: SealStep[] = [];
    const [first = '', second = ''] = days;
    await sealDay({ ...deps, onStep: (step) => steps.push(step) }, first);
    const rows = Number(
      sqlite.prepare('SELECT count(*) FROM invocations WHERE requested_at LIKE ?').pluck().get(`${second}%`),
    );
    for (const { step } of steps.filter(({ step }) => step !== 'committed' && step !== 'removed')) {
      const interrupted = { ...deps, onStep: (now: SealStep) => refuse(now.step === step) };
      await expect(sealDay(interrupted, second)).rejects.toThrow('interrupted');
      expect(readSealedDay(sqlite, second)).toBeUndefined();
    }
    expect(await sealDay(deps, second)).toMatchObject({ generation: 1, invocations: rows, removed: rows });
  });
});

function refuse(isNow: boolean): void {
  if (isNow) throw new Error('interrupted');
}

function digestOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
