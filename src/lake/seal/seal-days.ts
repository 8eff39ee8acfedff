import type { Database } from 'better-sqlite3';
import { readSealedDay } from '../../archive/sealed/read-sealed-days.ts';
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
 * stays sealed, and the next run goes on.
 */
export async function sealDays(deps: SealDeps, query: SealQuery): Promise<SealedRun> {
  // A proof that an earlier run could not put into the lake.
  if (hasUnproved(deps.sqlite)) await proveDays(deps);
  const plan = planSeal(deps.sqlite, query);
  const run: SealedRun = { sealed: [], removed: 0, waiting: plan.waiting };
  for (const day of plan.leftovers) run.removed += await removeHotRows(deps, day);
  for (const { day, reason } of plan.days) {
    if (reason === 'late') run.removed += await removeHotRows(deps, day);
    if (deps.signal?.aborted) break;
    const sealed = await sealDay(deps, day);
    if (sealed) run.sealed.push(sealed);
  }
  return run;
}

function hasUnproved(sqlite: Database): boolean {
  return listIntents(sqlite).some(({ day, generation }) => (readSealedDay(sqlite, day)?.generation ?? 0) >= generation);
}
