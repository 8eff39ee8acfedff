import { nextDoomed } from '../../archive/prune/doomed.ts';
import type { NamedOutputs } from '../../archive/prune/named-outputs.ts';
import { orderOf, type Pruned } from '../../archive/prune/prune.ts';
import { commandKey } from '../../archive/prune/prune-commands.ts';
import { pruneInvocations } from '../../archive/prune/prune-invocations.ts';
import { buryDay, type RowsOfLake } from '../../archive/prune/sealed/bury-day.ts';
import { readSealedDay } from '../../archive/sealed/read-sealed-days.ts';
import { dayAfter, isoFromMs } from '../../lib/time.ts';
import type { ForgetDeps, ForgetRequest } from './forget-deps.ts';
import { holdsOn } from './plan-days.ts';
import { hotIds, readDayRows } from './read-day-rows.ts';

/** More rows than these are not removed in one transaction, since others would wait for it. */
export const MOST_HOT = 500;

/**
 * Removes a sealed day of which everything goes, without bringing its rows back: one transaction writes the tombstones
 * that name its leaves and its `sealed` entry, and from then on nothing of it is read. Its objects go after that. Returns
 * undefined, and has changed nothing, if something came in between that may have to stay: then plan again.
 */
export async function pruneWholeDay(
  deps: ForgetDeps,
  request: ForgetRequest,
  { day, holds, touched }: { day: string; holds: readonly number[]; touched: Set<string> },
): Promise<Pruned | undefined> {
  const { sqlite, now, renew, onStep } = deps;
  const sealed = readSealedDay(sqlite, day);
  if (!sealed || sealed.isUnsealed || sealed.prunedSeq !== null) return undefined;
  const hot = hotIds(sqlite, day);
  const rows = await readDayRows(deps, sealed);
  const named = deps.named();
  sqlite.pragma('foreign_keys = OFF');
  sqlite.pragma('secure_delete = ON');
  const pruned = sqlite
    .transaction((): Pruned | undefined => {
      const nowMs = now().getTime();
      renew(nowMs);
      const isSame =
        readSealedDay(sqlite, day)?.entrySeq === sealed.entrySeq &&
        hotIds(sqlite, day).join() === hot.join() &&
        holdsOn(sqlite, day).join() === holds.join();
      if (!isSame) return undefined;
      const at = isoFromMs(nowMs);
      const sum = pruneHot({ ...deps, named }, request, { day, nowMs, touched });
      if (hotIds(sqlite, day).length > 0) throw new SomethingStays();
      const tombstones = buryDay(sqlite, { ...orderOf(request), at, day, rows });
      return addLake(sum, rows, tombstones);
    })
    .immediate.bind(undefined);
  try {
    const done = pruned();
    if (!done) return undefined;
    for (const command of rows.commands) touched.add(commandKey(command));
    deps.resetNamed();
    onStep?.({ step: 'buried', day });
    return done;
  } catch (error) {
    if (error instanceof SomethingStays) return undefined;
    throw error;
  }
}

/** Something of the day that is in the file has to stay, so nothing of it goes: the transaction is undone. */
class SomethingStays extends Error {}

function pruneHot(
  { sqlite, named }: { sqlite: ForgetDeps['sqlite']; named: NamedOutputs },
  request: ForgetRequest,
  { day, nowMs, touched }: { day: string; nowMs: number; touched: Set<string> },
): Pruned {
  const pruned: Pruned = { invocations: 0, states: 0, outputs: 0, commands: 0, tombstones: 0 };
  const selection = { requestedAfter: `${day}T00:00:00.000Z`, requestedBefore: `${dayAfter(day)}T00:00:00.000Z` };
  named.catchUp();
  for (let after = 0; ; ) {
    const doomed = nextDoomed(sqlite, { kind: 'invocations', selection, nowMs, after, isSealedToo: true });
    const last = doomed.at(-1);
    if (!last) return pruned;
    after = last.id;
    for (const command of doomed) touched.add(commandKey(command));
    const part = pruneInvocations({ sqlite, named, order: orderOf(request), at: isoFromMs(nowMs) }, doomed);
    for (const what of ['invocations', 'states', 'outputs'] as const) pruned[what] += part[what];
    pruned.tombstones += 1;
  }
}

function addLake(pruned: Pruned, { places, states }: RowsOfLake, tombstones: number): Pruned {
  return {
    ...pruned,
    invocations: pruned.invocations + places.reduce((sum, { invocations }) => sum + invocations, 0),
    states: pruned.states + states,
    tombstones: pruned.tombstones + tombstones,
  };
}
