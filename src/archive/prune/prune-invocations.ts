import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { rangesOf } from '../../ledger/entries/tombstone.ts';
import { createDailyCounter, type DailyCounter } from '../record/count-days.ts';
import { bury, type PruneOrder, placesOf } from './bury.ts';
import type { DoomedInvocation } from './doomed.ts';
import type { NamedOutputs } from './named-outputs.ts';
import { rewriteBatches, writeBatches } from './rewrite-batches.ts';

/** How much was removed under one tombstone. */
export interface PrunedPart {
  invocations: number;
  states: number;
  outputs: number;
  commands: number;
}

export interface PrunePartDeps {
  sqlite: Database;
  named: NamedOutputs;
  order: PruneOrder;
  at: string;
}

/** Removes invocations with their steps, states and outputs, and adds a tombstone. Call it within a transaction. */
export function pruneInvocations(deps: PrunePartDeps, doomed: readonly DoomedInvocation[]): PrunedPart {
  const { sqlite, named, order, at } = deps;
  const revisions = doomed.flatMap((invocation) => invocation.revisions);
  const digests = named.forget(doomed);
  const batches = rewriteBatches(sqlite, revisions);
  bury(sqlite, {
    ...{ ...order, what: 'entries', at, batches, places: placesOf('invocations', doomed) },
    ranges: rangesOf([...revisions.map(({ seq }) => seq), ...doomed.flatMap(({ fullOutputs }) => fullOutputs)]),
  });
  const daily: DailyCounter = createDailyCounter(sqlite);
  for (const { id } of doomed) daily.leave(id);
  daily.write();
  for (const { seq } of revisions) prepareOnce(sqlite, 'DELETE FROM revisions WHERE seq = ?').run(seq);
  writeBatches(sqlite, batches);
  for (const { id, fullOutputs } of doomed) {
    for (const seq of fullOutputs)
      for (const table of ['full_outputs', 'ledger_entries'])
        prepareOnce(sqlite, `DELETE FROM ${table} WHERE seq = ?`).run(seq);
    for (const table of ['output_queue', 'plugins', 'day_moves'])
      prepareOnce(sqlite, `DELETE FROM ${table} WHERE invocation_id = ?`).run(id);
    prepareOnce(sqlite, 'DELETE FROM invocations WHERE id = ?').run(id);
  }
  const outputs = named.dropUnnamed(digests);
  return { invocations: doomed.length, states: revisions.length, outputs, commands: 0 };
}
