import type { Database } from 'better-sqlite3';
import { readSealedDay, readSealedDays } from '../../archive/sealed/read-sealed-days.ts';
import { LakeFault } from '../store/lake-fault.ts';
import { keyOfManifest } from '../tables/object-key.ts';
import { confirmObjects } from './bring-day-back.ts';
import { planSeal, type SealPlan, type SealQuery } from './plan-seal.ts';
import { proveDays } from './prove-days.ts';
import { fetchText } from './read-manifest.ts';
import { removeHotRows } from './remove-hot-rows.ts';
import { type SealedNow, sealDay } from './seal-day.ts';
import type { SealDeps } from './seal-deps.ts';
import { listIntents } from './seal-intents.ts';

/** What a run has done. */
export interface SealedRun {
  sealed: SealedNow[];
  /** How many invocations of days that were sealed before were still to be removed. */
  removed: number;
  /** The days that wait, and why. */
  waiting: SealPlan['waiting'];
}

/**
 * Seals every ripe day, in order. First it ends what an earlier run has begun. If it is interrupted, what is sealed
 * stays sealed, and the next run goes on. Throws LakeFault if the lake is not the one that has the sealed days.
 */
export async function sealDays(deps: SealDeps, query: SealQuery): Promise<SealedRun> {
  await refuseOtherPlace(deps);
  // A proof that an earlier run could not put into the lake.
  if (hasUnproved(deps.sqlite)) await proveDays(deps);
  const plan = planSeal(deps.sqlite, query);
  const run: SealedRun = { sealed: [], removed: 0, waiting: plan.waiting };
  for (const day of plan.leftovers) run.removed += await removeLeft(deps, day);
  for (const { day, reason } of plan.days) {
    if (reason === 'late') run.removed += await removeLeft(deps, day);
    if (deps.signal?.aborted) break;
    const sealed = await sealDay(deps, day);
    if (sealed) run.sealed.push(sealed);
  }
  return run;
}

/** Removes rows that stayed when an earlier run was interrupted. The lake may have lost them since. */
async function removeLeft(deps: SealDeps, day: string): Promise<number> {
  await confirmObjects(deps, day);
  return removeHotRows(deps, day);
}

/** So many manifests are looked for: somebody may have removed one. */
const LOOKED_FOR = 3;

/**
 * Throws LakeFault if the lake has nothing of the days that were sealed last. Then it is another place than the one that
 * has them, or its disk is not mounted, and the archive would be in two places, of which answers read one.
 */
async function refuseOtherPlace({ sqlite, store }: SealDeps): Promise<void> {
  const last = readSealedDays(sqlite)
    .sort((a, b) => b.entrySeq - a.entrySeq)
    .slice(0, LOOKED_FOR);
  const [newest] = last;
  if (!newest) return;
  for (const { day, generation } of last)
    if ((await fetchText(store, keyOfManifest(day, generation))) !== undefined) return;
  throw new LakeFault(
    `The lake ${store.name} does not have what this archive has sealed, such as ${keyOfManifest(newest.day, newest.generation)}, so nothing more is sealed into it. Perhaps its disk is not mounted, or the setting names another place. If the lake has moved, copy all of it there first.`,
  );
}

function hasUnproved(sqlite: Database): boolean {
  return listIntents(sqlite).some(({ day, generation }) => (readSealedDay(sqlite, day)?.generation ?? 0) >= generation);
}
