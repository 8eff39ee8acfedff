import { UserFault } from '../../lib/errors/user-fault.ts';
import { LakeConflict } from '../store/object-store.ts';
import { daysBeingPruned, finishDay } from './finish-day.ts';
import type { ForgetDeps } from './forget-deps.ts';
import { hotIds } from './read-day-rows.ts';
import { removeObjects } from './remove-objects.ts';

/**
 * Ends what a prune has begun, when days are sealed: days of which no row is left get their tombstone, and what was
 * pruned goes from the lake. Returns why something is left there; null if nothing is. That stops no seal: the identity
 * that seals by schedule may not be allowed to delete.
 */
export async function finishForgetting(deps: Omit<ForgetDeps, 'sealedDays'>): Promise<string | null> {
  try {
    for (const day of daysBeingPruned(deps.sqlite))
      if (hotIds(deps.sqlite, day).length === 0) await finishDay(deps, day);
    await removeObjects(deps);
    return null;
  } catch (error) {
    if (error instanceof UserFault || error instanceof LakeConflict) return error.message;
    throw error;
  }
}
