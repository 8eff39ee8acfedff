import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSealedDay, readSealedDays } from '../../../src/archive/sealed/read-sealed-days.ts';
import { inspectLake } from '../../../src/lake/inspect/inspect-lake.ts';
import { findWrittenMonth } from '../../../src/lake/seal/months/written-month.ts';
import { planSeal } from '../../../src/lake/seal/plan-seal.ts';
import { proveDays } from '../../../src/lake/seal/prove-days.ts';
import { sealDays } from '../../../src/lake/seal/seal-days.ts';
import type { SealDeps, SealStep } from '../../../src/lake/seal/seal-deps.ts';
import { openFolderStore } from '../../../src/lake/store/folder-store.ts';
import { DAY_MS } from '../../../src/lib/time.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { recordLate } from '../record-late.ts';
import { sealedArchive } from '../sealed-archive.ts';
import { whereRowsAre } from '../where-rows-are.ts';

const QUERY = { nowMs: Date.parse('2026-05-20T00:00:00.000Z'), sealAfterMs: 35 * DAY_MS, settlingMs: 15 * 60_000 };

/** How many invocations there are, by the counts of commands and the rows of SQLite. */
const COUNTED = `SELECT (SELECT coalesce(sum(invocations), 0) FROM sealed_commands) + (SELECT count(*) FROM invocations)`;

describe('a run of sealing', () => {
  it('seals every ripe day in order, and a day that is not ripe stops those after it', async () => {
    const archive = await sealedArchive({ sealed: 0, invocations: 150 });
    const { sqlite, days, deps } = archive;
    const third = days[2] ?? '';
    sqlite
      .prepare(
        "UPDATE invocations SET status = 'InProgress' WHERE id = (SELECT min(id) FROM invocations WHERE requested_at LIKE ?)",
      )
      .run(`${third}%`);
    const early = { ...QUERY, nowMs: Date.parse(`${days.at(-1)}T00:00:00Z`) + 37 * DAY_MS };
    expect(planSeal(sqlite, early).waiting).toEqual([
      { day: third, why: 'has 1 run that has not ended and may still end' },
    ]);
    const first = await sealDays(deps, early);
    expect(first.sealed.map(({ day }) => day)).toEqual(days.slice(0, 2));
    const before = await whereRowsAre(sqlite, archive.lake);
    const second = await sealDays(deps, { ...QUERY, nowMs: QUERY.nowMs + 60 * DAY_MS, before: days[6] });
    expect(second.sealed.map(({ day }) => day)).toEqual(days.slice(2, 6));
    expect(await whereRowsAre(sqlite, archive.lake)).toEqual(before);
  });

  it('seals nothing into another place than the one that has the sealed days, and removes nothing', async () => {
    const { sqlite, deps, days } = await sealedArchive({ sealed: 2, invocations: 150 });
    const count = sqlite.prepare('SELECT count(*) FROM invocations').pluck();
    const before = count.get();
    const elsewhere = openFolderStore(join(tempFolder(), 'elsewhere'));
    const run = sealDays({ ...deps, store: elsewhere }, { ...QUERY, before: days[4] });
    await expect(run).rejects.toThrow(/does not have what this archive has sealed.*not mounted/);
    expect(count.get()).toBe(before);
    const found = [];
    for await (const { key } of elsewhere.list('')) found.push(key);
    expect(found).toEqual([]);
    expect((await sealDays(deps, { ...QUERY, before: days[4] })).sealed).toHaveLength(2);
  });

  it('keeps the rows that an interrupted seal has left if the lake has lost its objects since', async () => {
    const { sqlite, deps, days, lake } = await sealedArchive({ sealed: 1, invocations: 150 });
    const [, day = ''] = days;
    const stopped = new Error('stopped here');
    const onStep = ({ step }: SealStep) => {
      if (step === 'committed') throw stopped;
    };
    await expect(sealDays({ ...deps, onStep }, { ...QUERY, before: days[2] })).rejects.toThrow(stopped);
    const count = sqlite.prepare('SELECT count(*) FROM invocations').pluck();
    const before = count.get();
    const path = join(lake, 'plugins', `day=${day}`, 'archive-0.parquet');
    const elsewhere = join(tempFolder(), 'plugins');
    renameSync(path, elsewhere);
    await expect(sealDays(deps, { ...QUERY, before: days[2] })).rejects.toThrow(/plugins\/day=\S+ .* is missing/);
    expect(count.get()).toBe(before);
    renameSync(elsewhere, path);
    expect((await sealDays(deps, { ...QUERY, before: days[2] })).removed).toBeGreaterThan(0);
  });

  it('seals a day again as its next generation if something of it came late, with all rows that it had', async () => {
    const archive = await sealedArchive({ sealed: 2, invocations: 150 });
    const { sqlite, deps, lake, sealed } = archive;
    const [day = ''] = sealed;
    recordLate(archive, day);
    const before = await whereRowsAre(sqlite, lake);
    const leaf = readSealedDay(sqlite, day)?.leaves ?? 0;
    const run = await sealDays(deps, { ...QUERY, before: archive.days[2] });
    await proveDays(deps);
    expect(run.sealed).toMatchObject([{ day, generation: 2 }]);
    expect(readSealedDay(sqlite, day)).toMatchObject({ generation: 2, leaves: leaf + 1, isUnsealed: false });
    expect(await whereRowsAre(sqlite, lake)).toEqual(before);
    expect(planSeal(sqlite, { ...QUERY, before: archive.days[2] })).toEqual({ days: [], leftovers: [], waiting: [] });
  });

  it('goes on after an interruption at any step, of a first seal and of a later one: no row is lost or doubled', async () => {
    // The last two days of a month, so that its commands are written too.
    const archive = await sealedArchive({ sealed: -2, invocations: 15 });
    const { sqlite, deps, store, lake, days } = archive;
    recordLate(archive, days[0] ?? '');
    const query = QUERY;
    const before = await whereRowsAre(sqlite, lake);
    const nodes = Number(sqlite.prepare('SELECT count(*) FROM daily_counts').pluck().get());
    let interruptions = 0;
    for (let at = 1; ; at++) {
      const isDone = await interrupted(deps, at, async (withStop) => {
        await sealDays(withStop, query);
        await proveDays(withStop);
      });
      expect(await whereRowsAre(sqlite, lake), `after an interruption at step ${at}`).toEqual(before);
      expect(sqlite.prepare(COUNTED).pluck().get()).toBe(before.size);
      if (isDone) break;
      interruptions += 1;
    }
    expect(interruptions).toBeGreaterThan(10);
    expect(readSealedDays(sqlite).map(({ day, generation }) => [day, generation])).toEqual(
      days.map((day, n) => [day, n === 0 ? 2 : 1]),
    );
    expect(sqlite.prepare('SELECT count(*) FROM invocations').pluck().get()).toBe(0);
    expect(await findWrittenMonth({ sqlite, store }, '2026-03')).toMatchObject({ day: days.at(-1) });
    expect(await inspectLake(sqlite, store)).toMatchObject({ unnamed: [], missing: [], resized: [], foreign: [] });
    expect(sqlite.prepare('SELECT count(*) FROM seal_intents').pluck().get()).toBe(0);
    expect(sqlite.prepare('SELECT count(*) FROM daily_counts').pluck().get()).toBe(nodes);
    expect(sqlite.pragma('foreign_key_check')).toEqual([]);
  });
});

/** Runs something that is interrupted after so many steps. Returns whether it came to its end. */
async function interrupted(deps: SealDeps, steps: number, run: (deps: SealDeps) => Promise<void>): Promise<boolean> {
  let left = steps;
  const onStep = (step: SealStep) => {
    left -= 1;
    if (left === 0) throw new Error(`interrupted after it was ${step.step}`);
  };
  try {
    await run({ ...deps, onStep });
    return true;
  } catch (error) {
    expect(String(error)).toMatch('interrupted');
    return false;
  }
}
