import type { Database } from 'better-sqlite3';
import { replacePlacesOfOthers } from '../../archive/claims/places-of-others.ts';
import { readArchiveNumber } from '../../archive/number/read-archive-number.ts';
import { daysLeftFor } from '../../archive/sealed/day-moves.ts';
import { readSealedDay, readSealedDays } from '../../archive/sealed/read-sealed-days.ts';
import { isoFromMs } from '../../lib/time.ts';
import { DayNotOwned } from '../owners/claim-day.ts';
import { lookAtOwners } from '../owners/look-at-owners.ts';
import { ownNumber } from '../owners/own-number.ts';
import { fetchText } from '../store/fetch-text.ts';
import { LakeFault } from '../store/lake-fault.ts';
import { keyOfManifest } from '../tables/object-key.ts';
import { confirmObjects } from './bring-day-back.ts';
import { type PlannedDay, planSeal, type SealPlan, type SealQuery } from './plan-seal.ts';
import { proveDays } from './prove-days.ts';
import { removeHotRows } from './remove-hot-rows.ts';
import {
  bringAllBack,
  commitPrepared,
  discardPrepared,
  type PreparedDay,
  prepareDay,
  type SealedNow,
} from './seal-day.ts';
import type { SealDeps } from './seal-deps.ts';
import { listIntents } from './seal-intents.ts';

/**
 * SQLite's log can't be shortened while the next day is read, and grows by some 15 kB for each invocation that is
 * removed. After so many, removing waits until the next day has been read.
 */
const MOST_REMOVED_BESIDE = 20_000;

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
  await sealInOrder(deps, plan.days, run);
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

/**
 * Seals days, in order, and adds what it does to what a run has done. While the rows of a day are removed, the files of
 * the next are written.
 */
export async function sealInOrder(
  deps: SealDeps,
  days: readonly Pick<PlannedDay, 'day' | 'reason'>[],
  run: SealedRun,
): Promise<void> {
  let ahead: PreparedDay | undefined;
  try {
    for (const [n, { day, reason }] of days.entries()) {
      if (reason === 'late') run.removed += await removeLeft(deps, day);
      if (deps.signal?.aborted) break;
      if (!ahead) await bringAllBack(deps, day);
      const prepared = ahead ?? (await prepareDay(deps, day));
      ahead = undefined;
      const sealed = prepared && (await commitIfOwned(deps, prepared, run));
      // Days are sealed in order: one that has to wait stops those after it.
      if (!sealed && reason === 'first') break;
      if (!sealed) continue;
      const next = days[n + 1];
      const { removed, staged } = await removeAndPrepare(deps, day, next && isFirst(deps, next) ? next.day : undefined);
      ahead = staged;
      run.sealed.push({ ...sealed, removed });
    }
  } finally {
    if (ahead) await discardPrepared(ahead);
  }
}

/** Undefined if another archive has claimed a part of the day since the days were planned. */
async function commitIfOwned(
  deps: SealDeps,
  prepared: PreparedDay,
  run: SealedRun,
): Promise<Omit<SealedNow, 'removed'> | undefined> {
  try {
    return await commitPrepared(deps, prepared);
  } catch (error) {
    if (!(error instanceof DayNotOwned)) throw error;
    run.waiting = [...run.waiting, { day: prepared.day, why: error.why }];
    return undefined;
  }
}

/** Whether the files of a day can be written before anything is changed for it in SQLite. */
function isFirst({ sqlite }: SealDeps, { day, reason }: Pick<PlannedDay, 'day' | 'reason'>): boolean {
  return reason === 'first' && daysLeftFor(sqlite, day).length === 0;
}

/**
 * Removes the rows of a day while the files of the next are written. Both have ended when the promise settles, whether
 * one of them fails or not.
 */
async function removeAndPrepare(
  deps: SealDeps,
  day: string,
  next: string | undefined,
): Promise<{ removed: number; staged: PreparedDay | undefined }> {
  if (deps.signal?.aborted || next === undefined) return { removed: await removeHotRows(deps, day), staged: undefined };
  const preparing = prepareDay(deps, next);
  // It is awaited below, and must not end the process until then.
  preparing.catch(() => {});
  const pause = async (removed: number) => {
    if (removed > MOST_REMOVED_BESIDE) await preparing.catch(() => {});
  };
  try {
    return { removed: await removeHotRows(deps, day, pause), staged: await preparing };
  } catch (error) {
    const staged = await preparing.catch(() => undefined);
    if (staged) await discardPrepared(staged);
    throw error;
  }
}

function hasUnproved(sqlite: Database): boolean {
  return listIntents(sqlite).some(({ day, generation }) => (readSealedDay(sqlite, day)?.generation ?? 0) >= generation);
}
