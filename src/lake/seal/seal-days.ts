import type { Database } from 'better-sqlite3';
import { replacePlacesOfOthers } from '../../archive/claims/places-of-others.ts';
import { readArchiveNumber } from '../../archive/number/read-archive-number.ts';
import { readSealedDay, readSealedDays } from '../../archive/sealed/read-sealed-days.ts';
import { isoFromMs } from '../../lib/time.ts';
import { DayNotOwned } from '../owners/claim-day.ts';
import { lookAtOwners } from '../owners/look-at-owners.ts';
import { ownNumber } from '../owners/own-number.ts';
import { fetchText } from '../store/fetch-text.ts';
import { LakeFault } from '../store/lake-fault.ts';
import { keyOfManifest } from '../tables/object-key.ts';
import { confirmObjects } from './bring-day-back.ts';
import { planSeal, type SealPlan, type SealQuery } from './plan-seal.ts';
import { proveDays } from './prove-days.ts';
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
 * stays sealed, and the next run goes on. Throws LakeFault if the lake is not the one that has the sealed days, and
 * NumberTaken if another archive of the lake has this one's number.
 */
export async function sealDays(deps: SealDeps, query: SealQuery): Promise<SealedRun> {
  await refuseOtherPlace(deps);
  await ownNumber(deps);
  const others = await lookAtOwners(deps);
  replacePlacesOfOthers(deps.sqlite, others, isoFromMs(deps.now().getTime()));
  // A proof that an earlier run could not put into the lake.
  if (hasUnproved(deps.sqlite)) await proveDays(deps);
  const plan = planSeal(deps.sqlite, { ...query, others });
  const run: SealedRun = { sealed: [], removed: 0, waiting: plan.waiting };
  for (const day of plan.leftovers) run.removed += await removeLeft(deps, day);
  for (const { day, reason } of plan.days) {
    if (reason === 'late') run.removed += await removeLeft(deps, day);
    if (deps.signal?.aborted) break;
    try {
      const sealed = await sealDay(deps, day);
      if (sealed) run.sealed.push(sealed);
    } catch (error) {
      // Another archive has claimed a part of the day since the days were planned.
      if (!(error instanceof DayNotOwned)) throw error;
      run.waiting = [...run.waiting, { day, why: error.why }];
      if (reason === 'first') break;
    }
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
  const archive = readArchiveNumber(sqlite);
  const keys = last.map(({ day, generation }) => keyOfManifest(archive, day, generation));
  const [newest] = keys;
  if (newest === undefined) return;
  for (const key of keys) if ((await fetchText(store, key)) !== undefined) return;
  throw new LakeFault(
    `The lake ${store.name} does not have what this archive has sealed, such as ${newest}, so nothing more is sealed into it. Perhaps its disk is not mounted, or the setting names another place. If the lake has moved, copy all of it there first.`,
  );
}

function hasUnproved(sqlite: Database): boolean {
  return listIntents(sqlite).some(({ day, generation }) => (readSealedDay(sqlite, day)?.generation ?? 0) >= generation);
}
