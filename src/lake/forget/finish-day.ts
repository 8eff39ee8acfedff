import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { PruneOrder } from '../../archive/prune/bury.ts';
import { buryDay } from '../../archive/prune/sealed/bury-day.ts';
import { readSealedDay, readSealedDays } from '../../archive/sealed/read-sealed-days.ts';
import { prepareOnce } from '../../db/prepare-once.ts';
import { isoFromMs } from '../../lib/time.ts';
import { sealDay } from '../seal/seal-day.ts';
import type { SealDeps } from '../seal/seal-deps.ts';
import { hotIds } from './read-day-rows.ts';

/** Returns the days of which rows were pruned and that still have the generation with these rows in the lake. */
export function daysBeingPruned(sqlite: Database): string[] {
  return readSealedDays(sqlite)
    .filter(({ isPruning }) => isPruning)
    .map(({ day }) => day);
}

/**
 * Ends the pruning of a day whose rows are in the file: seals it again without what was pruned, or, if no row is left,
 * says in the ledger that nothing is left of it. Returns whether nothing is left.
 */
export async function finishDay(deps: SealDeps, day: string): Promise<boolean> {
  const { sqlite, onStep } = deps;
  if (hotIds(sqlite, day).length > 0) {
    await sealDay(deps, day);
    return false;
  }
  const isBuried = inTransaction(deps, (nowMs) => {
    const sealed = readSealedDay(sqlite, day);
    if (!sealed?.isUnsealed || sealed.prunedSeq !== null || hotIds(sqlite, day).length > 0) return false;
    const rows = { seqs: [], states: 0, places: [], commands: [], counts: [] };
    buryDay(sqlite, { ...lastOrder(sqlite), at: isoFromMs(nowMs), day, rows });
    return true;
  });
  if (isBuried) onStep?.({ step: 'buried', day });
  return isBuried;
}

/** Runs a transaction in which the lease is checked. */
export function inTransaction<Result>(
  { sqlite, now, renew }: Pick<SealDeps, 'sqlite' | 'now' | 'renew'>,
  work: (nowMs: number) => Result,
): Result {
  return sqlite
    .transaction(() => {
      const nowMs = now().getTime();
      renew(nowMs);
      return work(nowMs);
    })
    .immediate();
}

const Order = z.object({ by: z.string(), reason: z.string(), selection: z.record(z.string(), z.unknown()) });

/** Who ordered what was pruned last, and why. The day's last rows have a tombstone of that order. */
function lastOrder(sqlite: Database): PruneOrder {
  const entry = prepareOnce<[], string>(
    sqlite,
    "SELECT entry_json FROM main.ledger_entries WHERE kind = 'pruned' ORDER BY seq DESC LIMIT 1",
  )
    .pluck()
    .get();
  return Order.parse(JSON.parse(entry ?? ''));
}
