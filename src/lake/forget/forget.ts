import { type Pruned, pruneCommandsLeft } from '../../archive/prune/prune.ts';
import { leftDays } from '../../archive/sealed/day-moves.ts';
import { sealDay } from '../seal/seal-day.ts';
import { daysBeingPruned, finishDay } from './finish-day.ts';
import type { ForgetDeps, ForgetRequest } from './forget-deps.ts';
import { forgetMonths } from './forget-months.ts';
import { holdsOn, isFree, type PlannedDay, planDays, takesAllOf } from './plan-days.ts';
import { MOST_HOT, pruneWholeDay } from './prune-whole-day.ts';
import { hotIds } from './read-day-rows.ts';
import { removeObjects } from './remove-objects.ts';
import { rewriteDay } from './rewrite-day.ts';

/** What was removed from sealed days. */
export interface Forgotten extends Pruned {
  /** What happened to each day of which something was selected. */
  days: PlannedDay[];
  /** How many objects went from the lake, each version for itself. */
  versions: number;
}

/**
 * Removes from sealed days everything that is selected and has no reason to stay: whole days behind a tombstone, and
 * other rows by sealing their day again without them. Each step is written down before the next one, so that the next
 * run goes on if this one is interrupted. Objects go in all their versions.
 */
export async function forget(deps: ForgetDeps, request: ForgetRequest): Promise<Forgotten> {
  const { sqlite, sealedDays, signal, now } = deps;
  const done: Forgotten = {
    ...{ invocations: 0, states: 0, outputs: 0, commands: 0, tombstones: 0, days: [], versions: 0 },
  };
  const touched = new Set<string>();
  // What an earlier run has begun.
  done.versions += await removeObjects(deps);
  for (const day of daysBeingPruned(sqlite)) await finishDay(deps, day);
  // The lake shows former states of rows that have another day now. Without them, such rows can be pruned.
  for (const day of leftDays(sqlite)) await sealDay(deps, day);
  const query = { kind: request.kind, selection: request.selection, nowMs: now().getTime() };
  for (const planned of await planDays(sqlite, sealedDays, query)) {
    if (signal?.aborted) break;
    const { day, how } = planned;
    done.days.push(how === 'stays' ? planned : await pruneDay(deps, request, { planned, touched, done }));
    done.versions += await removeObjects(deps);
    deps.onStep?.({ step: 'forgotten', day });
  }
  if (request.kind === 'invocations' && !signal?.aborted)
    await pruneCommandsLeft(deps, request, { pruned: done, touched });
  if (!signal?.aborted) await forgetMonths(deps);
  done.versions += await removeObjects(deps);
  return done;
}

async function pruneDay(
  deps: ForgetDeps,
  request: ForgetRequest,
  { planned, touched, done }: { planned: PlannedDay; touched: Set<string>; done: Forgotten },
): Promise<PlannedDay> {
  const { sqlite, now } = deps;
  const { day, how } = planned;
  const isWhole =
    how === 'removed' &&
    takesAllOf(day, request.selection) &&
    isFree(sqlite, day, now().getTime()) &&
    hotIds(sqlite, day).length <= MOST_HOT;
  const whole = isWhole ? await pruneWholeDay(deps, request, { day, holds: holdsOn(sqlite, day), touched }) : undefined;
  if (whole) {
    add(done, whole);
    return planned;
  }
  const { pruned, isGone } = await rewriteDay(deps, request, { day, touched });
  add(done, pruned);
  return { ...planned, how: isGone ? 'removed' : pruned.invocations === 0 ? 'stays' : 'rewritten' };
}

function add(done: Forgotten, pruned: Pruned): void {
  for (const what of ['invocations', 'states', 'outputs', 'commands', 'tombstones'] as const)
    done[what] += pruned[what];
}
