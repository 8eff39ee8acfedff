import type { Database } from 'better-sqlite3';
import { replacePlacesOfOthers } from '../../archive/claims/places-of-others.ts';
import { readSealedDay } from '../../archive/sealed/read-sealed-days.ts';
import { isoFromMs } from '../../lib/time.ts';
import { DayNotOwned } from '../owners/claim-day.ts';
import { lookAtOwners } from '../owners/look-at-owners.ts';
import { ownNumber } from '../owners/own-number.ts';
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
 * stays sealed, and the next run goes on. Throws NumberTaken if another archive of the lake has this one's number.
 */
export async function sealDays(deps: SealDeps, query: SealQuery): Promise<SealedRun> {
  await ownNumber(deps);
  const others = await lookAtOwners(deps);
  replacePlacesOfOthers(deps.sqlite, others, isoFromMs(deps.now().getTime()));
  // A proof that an earlier run could not put into the lake.
  if (hasUnproved(deps.sqlite)) await proveDays(deps);
  const plan = planSeal(deps.sqlite, { ...query, others });
  const run: SealedRun = { sealed: [], removed: 0, waiting: plan.waiting };
  for (const day of plan.leftovers) run.removed += await removeHotRows(deps, day);
  for (const { day, reason } of plan.days) {
    if (reason === 'late') run.removed += await removeHotRows(deps, day);
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

function hasUnproved(sqlite: Database): boolean {
  return listIntents(sqlite).some(({ day, generation }) => (readSealedDay(sqlite, day)?.generation ?? 0) >= generation);
}
