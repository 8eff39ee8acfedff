import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { COUNTER_COLUMNS, COUNTER_VALUES, SET_COUNTERS } from '../../db/sql/counters-sql.ts';
import { createLedger } from '../../ledger/create-ledger.ts';
import { rowEntry } from '../../ledger/entries/entries.ts';
import { readRow } from '../../ledger/entries/read-row.ts';
import { isoFromMs } from '../../lib/time.ts';
import { emptyTally, type Tally } from '../../model/coverage/counters.ts';
import type { Outcome } from '../../model/coverage/outcomes.ts';
import type { Span } from '../../model/coverage/spans.ts';
import type { SourceKey } from '../../model/observed-invocation.ts';
import { withoutWaiting } from '../shared/without-waiting.ts';
import { markCovered } from './mark-covered.ts';
import type { ReplyTally } from './record-replies.ts';

/** What a sweep lists: a span of requested time (open if there is no end), one command, or one node of a command. */
export interface SweepTarget {
  operation: 'ListCommandInvocations' | 'ListCommands';
  fromMs?: number | undefined;
  toMs?: number | undefined;
  commandId?: string | undefined;
  instanceId?: string | undefined;
}

/** Opens a sweep and returns its id. If a power cut loses this row, the sweep is listed again. */
export function beginSweep(
  sqlite: Database,
  sweep: { runId: number; source: SourceKey; target: SweepTarget; startedAt: string },
): number {
  const { runId, source, target, startedAt } = sweep;
  const { operation, fromMs, toMs, commandId = null, instanceId = null } = target;
  const row = {
    runId,
    accountId: source.accountId,
    region: source.region,
    ...{ operation, commandId, instanceId },
    fromAt: fromMs === undefined ? null : isoFromMs(fromMs),
    toAt: toMs === undefined ? null : isoFromMs(toMs),
    startedAt,
    ...emptyTally(),
  };
  const insert = prepareOnce<[object], unknown>(
    sqlite,
    `INSERT INTO sweeps (run_id, account_id, region, operation, from_at, to_at, command_id, instance_id, started_at, outcome,
       ${COUNTER_COLUMNS})
     VALUES (:runId, :accountId, :region, :operation, :fromAt, :toAt, :commandId, :instanceId, :startedAt, 'running',
       ${COUNTER_VALUES})`,
  );
  return withoutWaiting(sqlite, () => Number(insert.run(row).lastInsertRowid));
}

/**
 * Prepares the statement once and returns a function that counts a reply of a running sweep, in the reply's
 * transaction. It adds the reply's counts; calls, throttles and faults are the sweep's totals so far.
 */
export function createSweepCounter(sqlite: Database): (id: number, sweep: Tally, reply: ReplyTally) => void {
  const update = sqlite.prepare(
    `UPDATE sweeps SET calls = :calls, throttles = :throttles, faults = :faults, pages = pages + 1,
       rows_seen = rows_seen + :seen, rows_added = rows_added + :added, rows_changed = rows_changed + :changed WHERE id = :id`,
  );
  return (id, { calls, throttles, faults }, { seen, added, changed }) => {
    update.run({ calls, throttles, faults, seen, added, changed, id });
  };
}

export interface SweepEnd {
  outcome: Outcome;
  error?: string | undefined;
  finishedAt: string;
  tally: Tally;
  /** The request ids of the sweep's replies, in order; absent if they are not known. */
  requestIds?: readonly string[] | undefined;
  /** The spans that this sweep proves to have been listed completely. */
  covered?: { source: SourceKey; spans: readonly Span[] } | undefined;
}

/**
 * Closes a sweep, marks what it covers and adds it to the ledger, all in one transaction. The rows of the sweep are on
 * disk already. If a power cut loses this transaction, the coverage is too small, and the sweep is listed again.
 */
export function finishSweep(sqlite: Database, id: number, end: SweepEnd): void {
  const { outcome, error = null, finishedAt, tally, requestIds, covered } = end;
  const write = sqlite.transaction(() => {
    const requestIdsJson = requestIds ? JSON.stringify(requestIds) : null;
    prepareOnce<[object], unknown>(
      sqlite,
      `UPDATE sweeps SET outcome = :outcome, error = :error, finished_at = :finishedAt, ${SET_COUNTERS},
         request_ids_json = :requestIdsJson WHERE id = :id`,
    ).run({ outcome, error, finishedAt, ...tally, requestIdsJson, id });
    if (covered) for (const span of covered.spans) markCovered(sqlite, covered.source, span);
    const proven = (covered?.spans ?? []).map(({ from, to }) => ({ fromAt: isoFromMs(from), toAt: isoFromMs(to) }));
    const entry = rowEntry('sweeps', readRow(sqlite, 'sweeps', { id }), { covered: proven });
    createLedger(sqlite).add('row', [entry]);
  });
  withoutWaiting(sqlite, write.immediate);
}
