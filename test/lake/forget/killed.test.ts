import type { Database } from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { readAllSealedDays } from '../../../src/archive/sealed/read-sealed-days.ts';
import { verifyWhole } from '../../../src/archive/verify/verify-whole.ts';
import { finishForgetting } from '../../../src/lake/forget/finish-forgetting.ts';
import { sealDays } from '../../../src/lake/seal/seal-days.ts';
import type { SealStep } from '../../../src/lake/seal/seal-deps.ts';
import { checkGone } from '../../../src/lake/verify/check-gone.ts';
import { DAY_MS } from '../../../src/lib/time.ts';
import { type SealedArchive, sealedArchive } from '../sealed-archive.ts';
import { whereRowsAre } from '../where-rows-are.ts';
import { forgetDeps, forgetNow, LATER } from './forgetting.ts';

function faultsOf({ sqlite }: SealedArchive) {
  return verifyWhole(sqlite, { trustedKeys: [], outside: [] }).faults;
}

/** Fails at the step with this number, or at the first one of this kind. */
function killAt(at: number | SealStep['step']): (step: SealStep) => void {
  let steps = 0;
  return ({ step }) => {
    steps += 1;
    if (at === steps || at === step) throw new Error(`killed after ${step}`);
  };
}

/** Which invocations there are, in the file or in the lake. */
async function idsOf({ sqlite, lake }: SealedArchive): Promise<number[]> {
  return [...(await whereRowsAre(sqlite, lake)).keys()];
}

describe('a prune of sealed days that is killed', { timeout: 240_000 }, () => {
  it('at any step leaves an archive that is intact, in which nothing comes back, and the next run goes on', async () => {
    const archive = await archiveWithTimes(5);
    const { sqlite, store, sealed, day, time } = archive;
    const before = await idsOf(archive);
    // Days as a whole, and a part of the next one.
    const selection = { requestedBefore: time };
    let kills = 0;
    for (let at = 1; at < 60; at++) {
      const isDone = await forgetNow(archive, selection, { onStep: killAt(at) }).then(
        () => true,
        (error: unknown) => {
          expect(String(error)).toMatch('killed');
          return false;
        },
      );
      expect(faultsOf(archive), `after a kill at step ${at}`).toEqual([]);
      if (isDone) break;
      kills += 1;
    }
    expect(kills).toBeGreaterThan(10);
    expect((await idsOf(archive)).length).toBeLessThan(before.length);
    expect(readAllSealedDays(sqlite).map(({ prunedSeq }) => prunedSeq !== null)).toEqual(
      sealed.map((one) => one < day),
    );
    expect((await checkGone(sqlite, store)).faults).toEqual([]);
    expect(sqlite.prepare('SELECT count(*) FROM lake_removals').pluck().get()).toBe(0);
    expect(sqlite.pragma('foreign_key_check')).toEqual([]);
  });

  it.each(['buried', 'pruned', 'intended', 'committed'] as const)(
    'after it was %s is finished by the next seal',
    async (step) => {
      const archive = await archiveWithTimes(4);
      const { sqlite, store, deps, day, time } = archive;
      const selection =
        step === 'buried'
          ? { requestedBefore: `${day}T00:00:00.000Z` }
          : { requestedAfter: `${day}T00:00:00.000Z`, requestedBefore: time };
      await expect(forgetNow(archive, selection, { onStep: killAt(step) })).rejects.toThrow('killed');
      // After the next generation is in place, a folder has nothing of the former one.
      if (step !== 'committed') expect((await checkGone(sqlite, store)).faults).not.toEqual([]);
      await sealDays(
        { ...deps, now: () => LATER },
        { nowMs: LATER.getTime(), sealAfterMs: 35 * DAY_MS, settlingMs: 0 },
      );
      expect(await finishForgetting(forgetDeps(archive))).toBeNull();
      expect((await checkGone(sqlite, store)).faults).toEqual([]);
      expect(faultsOf(archive)).toEqual([]);
    },
  );
});

/** An archive with sealed days, and for each day a time that is after its first invocations and not after its last. */
async function archiveWithTimes(sealed: number) {
  const times = new Map<string, string>();
  const beforeSeal = (sqlite: Database) => {
    const rows = sqlite
      .prepare<[], [string, string]>(
        'SELECT substr(requested_at, 1, 10), max(requested_at) FROM invocations GROUP BY 1 HAVING count(DISTINCT requested_at) > 1',
      )
      .raw()
      .all();
    for (const [day, last] of rows) times.set(day, last);
  };
  const archive = await sealedArchive({ sealed, invocations: 60, beforeSeal });
  const [day = '', time = ''] = [...times].find(([one]) => archive.sealed.indexOf(one) > 0) ?? [];
  expect(archive.sealed).toContain(day);
  return { ...archive, day, time };
}
