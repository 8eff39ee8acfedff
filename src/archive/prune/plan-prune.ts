import type { Database } from 'better-sqlite3';
import { type PruneKind, type PruneSelection, selected, whyItStays } from './prunable.ts';
import { sealedBefore } from './sealed-part.ts';

/** How much would be pruned, and how many of the selected invocations would stay for which reason. */
export interface PrunePlan {
  invocations: number;
  states: number;
  /** The first and the last request time of the invocations that would be pruned; null if none has one. */
  fromAt: string | null;
  toAt: string | null;
  /** Outputs that no other invocation's last state has, and their size. */
  outputs: number;
  outputBytes: number;
  /**
   * Selected invocations of this file that stay: `held` are under a hold, `sealed` are of a sealed day, `unfinished` may still change, and `young` are still shown
   * by the service, so that the next pass would bring them back.
   */
  held: number;
  sealed: number;
  unfinished: number;
  young: number;
  /** The day before which nothing is removed because the days are sealed; null if no such day was asked for. */
  sealedBefore: string | null;
}

/** Counts what pruning a selection would remove. Writes only to the connection's own temporary tables. */
export function planPrune(
  sqlite: Database,
  { kind, selection, nowMs }: { kind: PruneKind; selection: PruneSelection; nowMs: number },
): PrunePlan {
  const stays = whyItStays(kind, nowMs);
  const asked = selected(kind, selection);
  sqlite.exec('DROP TABLE IF EXISTS temp.pruning');
  sqlite
    .prepare(
      `CREATE TEMP TABLE pruning AS SELECT i.id, i.requested_at, ${stays.sql} AS stays FROM main.invocations i WHERE ${asked.sql}`,
    )
    .run(...stays.params, ...asked.params);
  sqlite.exec('CREATE UNIQUE INDEX temp.pruning_id ON pruning (id) WHERE stays IS NULL');
  try {
    const counts = sqlite
      .prepare<[], Omit<PrunePlan, 'states' | 'outputs' | 'outputBytes' | 'sealedBefore'>>(
        `SELECT count(*) FILTER (WHERE stays IS NULL) AS invocations, count(*) FILTER (WHERE stays = 'held') AS held,
           count(*) FILTER (WHERE stays = 'sealed') AS sealed,
           count(*) FILTER (WHERE stays = 'unfinished') AS unfinished, count(*) FILTER (WHERE stays = 'young') AS young,
           min(requested_at) FILTER (WHERE stays IS NULL) AS fromAt, max(requested_at) FILTER (WHERE stays IS NULL) AS toAt FROM pruning`,
      )
      .get();
    const states = sqlite
      .prepare<[], number>(
        `SELECT count(*) FROM pruning g CROSS JOIN main.revisions r ON r.invocation_id = g.id WHERE g.stays IS NULL`,
      )
      .pluck()
      .get();
    const isOthersIn = (table: 'plugins' | 'full_outputs') =>
      `EXISTS (SELECT 1 FROM main.${table} p WHERE p.output_id = o.id
         AND NOT EXISTS (SELECT 1 FROM pruning g WHERE g.id = p.invocation_id AND g.stays IS NULL))`;
    const namedIn = (table: 'plugins' | 'full_outputs') =>
      `SELECT p.output_id FROM pruning g CROSS JOIN main.${table} p ON p.invocation_id = g.id WHERE g.stays IS NULL`;
    const outputs = sqlite
      .prepare<[], { outputs: number; outputBytes: number }>(
        `SELECT count(*) AS outputs, coalesce(sum(o.size_bytes), 0) AS outputBytes FROM main.outputs o
          WHERE o.id IN (${namedIn('plugins')} UNION ALL ${namedIn('full_outputs')})
            AND NOT ${isOthersIn('plugins')} AND NOT ${isOthersIn('full_outputs')}`,
      )
      .get();
    if (!counts || states === undefined || !outputs) throw new Error('SQLite counted nothing.');
    return { ...counts, states, ...outputs, sealedBefore: sealedBefore(sqlite, selection) };
  } finally {
    sqlite.exec('DROP TABLE temp.pruning');
  }
}
