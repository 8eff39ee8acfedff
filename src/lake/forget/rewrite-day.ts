import { type Pruned, prune, pruneCommandsLeft } from '../../archive/prune/prune.ts';
import { readSealedDay } from '../../archive/sealed/read-sealed-days.ts';
import { prepareOnce } from '../../db/prepare-once.ts';
import { bringDayBack } from '../seal/bring-day-back.ts';
import { finishDay, inTransaction } from './finish-day.ts';
import type { ForgetDeps, ForgetRequest } from './forget-deps.ts';

/**
 * Brings the rows of a sealed day back, prunes what was selected as in any other day, and seals what is left as the next
 * generation. If it is interrupted after something was pruned, the next prune or seal goes on: until then the lake still
 * has the former generation, which nothing reads any more, and "verify --lake" says so.
 */
export async function rewriteDay(
  deps: ForgetDeps,
  request: ForgetRequest,
  { day, touched }: { day: string; touched: Set<string> },
): Promise<{ pruned: Pruned; isGone: boolean }> {
  const { sqlite, signal, now, renew, onStep } = deps;
  const none: Pruned = { invocations: 0, states: 0, outputs: 0, commands: 0, tombstones: 0 };
  await bringToPrune(deps, day);
  if (signal?.aborted) return { pruned: none, isGone: false };
  const of = { sqlite, now, renew, signal, touched };
  const pruned = await prune(of, { ...request, ofSealedDay: day });
  // The commands of a month are written with its days: those that nothing is left of must not be among them.
  if (request.kind === 'invocations') await pruneCommandsLeft(of, request, { pruned, touched });
  deps.resetNamed();
  onStep?.({ step: 'pruned', day });
  if (signal?.aborted) return { pruned, isGone: false };
  return { pruned, isGone: await finishDay(deps, day) };
}

/** Brings the rows of a day back, and notes that its generation in the lake is to be replaced, also if we crash. */
export async function bringToPrune(deps: ForgetDeps, day: string): Promise<void> {
  await bringDayBack(deps, day);
  if (deps.signal?.aborted) return;
  inTransaction(deps, () => {
    if (!readSealedDay(deps.sqlite, day)?.isUnsealed) throw new Error(`The rows of ${day} are not in the file.`);
    prepareOnce(deps.sqlite, 'UPDATE sealed_days SET is_pruning = 1 WHERE day = ?').run(day);
  });
}
