import { setImmediate } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import { isoFromMs, type Now } from '../../lib/time.ts';
import type { PruneOrder } from './bury.ts';
import { nextDoomed } from './doomed.ts';
import { dropSeeds } from './drop-seeds.ts';
import { createNamedOutputs } from './named-outputs.ts';
import { type PruneKind, type PruneSelection, withinDay } from './prunable.ts';
import { commandKey, findBareCommands, pruneBareCommands } from './prune-commands.ts';
import { type PrunedPart, pruneInvocations } from './prune-invocations.ts';
import { pruneOutputs } from './prune-outputs.ts';

export interface PruneDeps {
  /**
   * A connection that nothing else uses, because its settings are changed: foreign keys are not checked, and deleted
   * data is overwritten.
   */
  sqlite: Database;
  now: Now;
  /** Checks the lease on collecting in each transaction: without the lease, a pass might write while we prune. */
  renew(nowMs: number): void;
  signal?: AbortSignal | undefined;
  onProgress?: ((pruned: Pruned) => void) | undefined;
  /** Receives the keys of the commands that lose invocations. */
  touched?: Set<string> | undefined;
}

export interface PruneRequest {
  kind: PruneKind;
  selection: PruneSelection;
  by: string;
  reason: string;
  /** The sealed day whose rows were brought back into the file: then only rows of this day are removed. */
  ofSealedDay?: string | undefined;
}

/** What was removed, and the number of tombstones for it. */
export interface Pruned extends PrunedPart {
  tombstones: number;
}

/**
 * Removes everything that is selected and has no reason to stay, part by part, each part in a transaction with its
 * tombstone. If it is interrupted, the finished parts stay pruned, and the next call continues. Readers and their
 * transactions are not disturbed.
 */
export async function prune(deps: PruneDeps, request: PruneRequest): Promise<Pruned> {
  const { sqlite, signal, onProgress = () => {} } = deps;
  // No index finds the states of a batch, so SQLite would scan the whole table for each removed batch.
  sqlite.pragma('foreign_keys = OFF');
  sqlite.pragma('secure_delete = ON');
  const { kind, selection, ofSealedDay } = request;
  const order = orderOf(request);
  const rows = ofSealedDay === undefined ? selection : withinDay(selection, ofSealedDay);
  const isSealedToo = ofSealedDay !== undefined;
  const pruned: Pruned = { invocations: 0, states: 0, outputs: 0, commands: 0, tombstones: 0 };
  const named = createNamedOutputs(sqlite);
  const touched = deps.touched ?? new Set<string>();
  let after = 0;

  const prunePart = sqlite.transaction((): PrunedPart | undefined => {
    const nowMs = deps.now().getTime();
    deps.renew(nowMs);
    const doomed = nextDoomed(sqlite, { kind, selection: rows, nowMs, after, isSealedToo });
    const last = doomed.at(-1);
    if (!last) return undefined;
    after = last.id;
    for (const command of doomed) touched.add(commandKey(command));
    const part = { sqlite, named, order, at: isoFromMs(nowMs) };
    return kind === 'invocations' ? pruneInvocations(part, doomed) : pruneOutputs(part, doomed);
  });
  const dropPart = sqlite.transaction((): PrunedPart | undefined => {
    const nowMs = deps.now().getTime();
    deps.renew(nowMs);
    const dropped = dropSeeds(sqlite, { order, at: isoFromMs(nowMs) });
    return dropped === 0 ? undefined : { invocations: 0, states: 0, outputs: 0, commands: 0 };
  });
  await eachPart({ signal, onProgress }, pruned, () => dropPart.immediate());
  await eachPart({ signal, onProgress }, pruned, () => prunePart.immediate());
  // Commands of sealed days are left to the end, when nothing of them is in the lake either.
  if (kind === 'invocations' && !isSealedToo && !signal?.aborted)
    await pruneCommandsLeft(deps, request, { pruned, touched });
  return pruned;
}

/**
 * Removes the selected commands that have no invocation any more, neither in the file nor in the lake, and adds to
 * `pruned` what was removed. `touched` has the keys of those that lost invocations in this run.
 */
export async function pruneCommandsLeft(
  { sqlite, now, renew, signal, onProgress = () => {} }: PruneDeps,
  request: PruneRequest,
  { pruned, touched }: { pruned: Pruned; touched: ReadonlySet<string> },
): Promise<void> {
  const order = orderOf(request);
  const pruneCommands = sqlite.transaction((): PrunedPart | undefined => {
    const nowMs = now().getTime();
    renew(nowMs);
    const commands = pruneBareCommands(sqlite, { order, at: isoFromMs(nowMs) });
    return commands === 0 ? undefined : { invocations: 0, states: 0, outputs: 0, commands };
  });
  findBareCommands(sqlite, { selection: request.selection, nowMs: now().getTime(), touched });
  await eachPart({ signal, onProgress }, pruned, () => pruneCommands.immediate());
}

async function eachPart(
  { signal, onProgress }: { signal: AbortSignal | undefined; onProgress(pruned: Pruned): void },
  pruned: Pruned,
  next: () => PrunedPart | undefined,
): Promise<void> {
  while (!signal?.aborted) {
    const part = next();
    if (!part) return;
    for (const what of ['invocations', 'states', 'outputs', 'commands'] as const) pruned[what] += part[what];
    pruned.tombstones += 1;
    onProgress({ ...pruned });
    await setImmediate();
  }
}

/** What each tombstone of a request says of it. */
export function orderOf({ kind, selection, by, reason }: PruneRequest): PruneOrder {
  return { by, reason, selection: { kind, ...selection } };
}
