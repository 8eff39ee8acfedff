import { setImmediate } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import { isoFromMs, type Now } from '../../lib/time.ts';
import { nextDoomed } from './doomed.ts';
import { createNamedOutputs } from './named-outputs.ts';
import type { PruneKind, PruneSelection } from './prunable.ts';
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
}

export interface PruneRequest {
  kind: PruneKind;
  selection: PruneSelection;
  by: string;
  reason: string;
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
  const { kind, selection, by, reason } = request;
  const order = { by, reason, selection: { kind, ...selection } };
  const pruned: Pruned = { invocations: 0, states: 0, outputs: 0, commands: 0, tombstones: 0 };
  const named = createNamedOutputs(sqlite);
  const touched = new Set<string>();
  let after = 0;

  const prunePart = sqlite.transaction((): PrunedPart | undefined => {
    const nowMs = deps.now().getTime();
    deps.renew(nowMs);
    const doomed = nextDoomed(sqlite, { kind, selection, nowMs, after });
    const last = doomed.at(-1);
    if (!last) return undefined;
    after = last.id;
    for (const command of doomed) touched.add(commandKey(command));
    const part = { sqlite, named, order, at: isoFromMs(nowMs) };
    return kind === 'invocations' ? pruneInvocations(part, doomed) : pruneOutputs(part, doomed);
  });
  const pruneCommands = sqlite.transaction((): PrunedPart | undefined => {
    const nowMs = deps.now().getTime();
    deps.renew(nowMs);
    const commands = pruneBareCommands(sqlite, { order, at: isoFromMs(nowMs) });
    return commands === 0 ? undefined : { invocations: 0, states: 0, outputs: 0, commands };
  });
  const all = async (next: () => PrunedPart | undefined) => {
    while (!signal?.aborted) {
      const part = next();
      if (!part) return;
      for (const what of ['invocations', 'states', 'outputs', 'commands'] as const) pruned[what] += part[what];
      pruned.tombstones += 1;
      onProgress({ ...pruned });
      await setImmediate();
    }
  };

  await all(() => prunePart.immediate());
  if (kind === 'invocations' && !signal?.aborted) {
    findBareCommands(sqlite, { selection, nowMs: deps.now().getTime(), touched });
    await all(() => pruneCommands.immediate());
  }
  return pruned;
}
