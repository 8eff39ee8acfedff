import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { FINAL_LIST } from '../../db/sql/final-sql.ts';
import { IS_OUTPUT_TRUNCATED } from '../../db/sql/is-output-truncated.ts';
import type { SourceKey } from '../../model/observed-invocation.ts';
import type { Provenance } from '../../model/outputs/full-output.ts';
import { CUT_STEP, type CutStep } from './cut-step.ts';

/** A transaction looks at so many states, which takes some hundredths of a second. */
const STATES_AT_ONCE = 5000;

export interface QueueOptions {
  /** The places from which a step's output is to be fetched; none if it is not to be fetched. */
  choose(step: CutStep): readonly Provenance[];
  /** If nothing was looked through before, states that were observed earlier than this ISO time are left out. */
  since: string;
  /** Checks the lease, within each transaction. */
  renew(): void;
}

/**
 * Looks through the states that were recorded since the last call, and queues the final steps of an account and region
 * whose outputs were cut. It remembers how far it came in the same transaction, so that nothing is passed over.
 */
export function queueOutputs(sqlite: Database, source: SourceKey, options: QueueOptions): void {
  const queueSome = sqlite.transaction(() => {
    options.renew();
    return queueNext(sqlite, source, options);
  });
  while (queueSome.immediate());
}

/** Looks at the next states, and returns whether there may be more. */
function queueNext(sqlite: Database, { accountId, region }: SourceKey, { choose, since }: QueueOptions): boolean {
  const mark = prepareOnce<[string, string], number>(
    sqlite,
    'SELECT seq FROM output_queue_marks WHERE account_id = ? AND region = ?',
  ).pluck();
  const from = mark.get(accountId, region) ?? lastBefore(sqlite, since);
  const to = prepareOnce<[number], number | null>(
    sqlite,
    `SELECT max(seq) FROM (SELECT seq FROM main.revisions WHERE seq > ? ORDER BY seq LIMIT ${STATES_AT_ONCE})`,
  )
    .pluck()
    .get(from);
  if (to === null || to === undefined) return false;
  const steps = prepareOnce<unknown[], CutStep>(
    sqlite,
    `SELECT DISTINCT ${CUT_STEP} FROM main.revisions r JOIN main.invocations i ON i.id = r.invocation_id
       JOIN main.plugins p ON p.invocation_id = i.id JOIN main.outputs o ON o.id = p.output_id
      WHERE r.seq > ? AND r.seq <= ? AND i.account_id = ? AND i.region = ? AND i.status IN ${FINAL_LIST}
        AND (${IS_OUTPUT_TRUNCATED})`,
  ).all(from, to, accountId, region);
  const add = prepareOnce<unknown[], never>(
    sqlite,
    `INSERT INTO output_queue (invocation_id, position, provenance, account_id, region, requested_at)
     SELECT :id, :position, :provenance, :accountId, :region, :requestedAt WHERE NOT EXISTS (
       SELECT 1 FROM main.full_outputs WHERE invocation_id = :id AND position = :position AND provenance = :provenance)
     ON CONFLICT DO NOTHING`,
  );
  for (const step of steps) {
    const { invocationId: id, position, requestedAt } = step;
    for (const provenance of choose(step)) add.run({ id, position, provenance, accountId, region, requestedAt });
  }
  prepareOnce(
    sqlite,
    `INSERT INTO output_queue_marks (account_id, region, seq) VALUES (?, ?, ?)
     ON CONFLICT (account_id, region) DO UPDATE SET seq = excluded.seq`,
  ).run(accountId, region, to);
  return true;
}

/**
 * The last state before a time, found by halving: states are numbered in the order in which they were observed, and no
 * index has their times.
 */
function lastBefore(sqlite: Database, since: string): number {
  const observedAt = prepareOnce<[number], { seq: number; observedAt: string }>(
    sqlite,
    'SELECT seq, observed_at AS observedAt FROM main.revisions WHERE seq > ? ORDER BY seq LIMIT 1',
  );
  let before = 0;
  let after = Number(sqlite.prepare('SELECT coalesce(max(seq), 0) FROM main.revisions').pluck().get());
  while (before < after) {
    const middle = Math.floor((before + after) / 2);
    const next = observedAt.get(middle);
    if (next && next.observedAt < since) before = next.seq;
    else after = middle;
  }
  return before;
}
