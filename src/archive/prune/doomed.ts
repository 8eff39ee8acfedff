import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { IS_WITHOUT_OUTPUTS } from '../shared/without-outputs.ts';
import { type PruneKind, type PruneSelection, selected, whyItStays } from './prunable.ts';

export interface DoomedRevision {
  seq: number;
  batchId: number;
  line: number;
  /** Whether this state is the present state of its invocation. */
  isLast: boolean;
  /** Whether the state's outputs were pruned by an earlier run. */
  isWithoutOutputs: boolean;
}

/** An invocation that is about to be pruned as a whole, or that is about to lose its outputs. */
export interface DoomedInvocation {
  id: number;
  accountId: string;
  region: string;
  commandId: string;
  requestedAt: string | null;
  revisions: DoomedRevision[];
  /** The `seq`s of its fetched outputs. */
  fullOutputs: number[];
}

const AT_ONCE = 1000;
/**
 * A tombstone must fit into an entry bundle, 65,535 bytes. RANGE_BYTES and BATCH_BYTES are the most bytes that a range
 * and a state batch take.
 */
const TOMBSTONE_BYTES = 50_000;
const RANGE_BYTES = 24;
const BATCH_BYTES = 160;

/**
 * The next invocations, after an id, that a pruning run removes, with their states: as many as one tombstone can name.
 * All conditions are checked each time, so that a hold that was placed during the run takes effect.
 */
export function nextDoomed(
  sqlite: Database,
  asked: { kind: PruneKind; selection: PruneSelection; nowMs: number; after: number; isSealedToo?: boolean },
): DoomedInvocation[] {
  const { kind, selection, nowMs, after, isSealedToo } = asked;
  const stays = whyItStays(kind, nowMs, { isSealedToo });
  const chosen = selected(kind, selection);
  // Rows are read by their numbers, without an index, so that each part continues where the last one ended.
  const rows = prepareOnce<unknown[], Omit<DoomedInvocation, 'revisions' | 'fullOutputs'>>(
    sqlite,
    `SELECT i.id, i.account_id AS accountId, i.region, i.command_id AS commandId, i.requested_at AS requestedAt
       FROM main.invocations i NOT INDEXED WHERE i.id > ? AND ${chosen.sql} AND ${stays.sql} IS NULL ORDER BY i.id LIMIT ${AT_ONCE}`,
  ).all(after, ...chosen.params, ...stays.params);
  const doomed: DoomedInvocation[] = [];
  const batches = new Set<number>();
  let bytes = 0;
  for (const row of rows) {
    const revisions = revisionsOf(sqlite, row.id).filter((one) => kind === 'invocations' || !one.isWithoutOutputs);
    for (const { batchId } of revisions) {
      bytes += RANGE_BYTES + (batches.has(batchId) ? 0 : BATCH_BYTES);
      batches.add(batchId);
    }
    const fullOutputs = fullOutputsOf(sqlite, row.id, kind);
    bytes += RANGE_BYTES * fullOutputs.length;
    doomed.push({ ...row, revisions, fullOutputs });
    if (bytes > TOMBSTONE_BYTES) break;
  }
  return doomed;
}

/** If only outputs are pruned, those that were pruned before are left out. */
function fullOutputsOf(sqlite: Database, invocationId: number, kind: PruneKind): number[] {
  return prepareOnce<[number], number>(
    sqlite,
    `SELECT seq FROM main.full_outputs WHERE invocation_id = ? ${kind === 'outputs' ? 'AND output_id IS NOT NULL' : ''} ORDER BY seq`,
  )
    .pluck()
    .all(invocationId);
}

function revisionsOf(sqlite: Database, invocationId: number): DoomedRevision[] {
  const rows = prepareOnce<[number], { seq: number; batchId: number; line: number; isWithoutOutputs: 0 | 1 }>(
    sqlite,
    `SELECT r.seq, r.page_id AS batchId, r.line, ${IS_WITHOUT_OUTPUTS} AS isWithoutOutputs
       FROM main.revisions r WHERE r.invocation_id = ? ORDER BY r.seq`,
  ).all(invocationId);
  return rows.map(({ seq, batchId, line, isWithoutOutputs }, n) => ({
    ...{ seq, batchId, line, isLast: n === rows.length - 1 },
    isWithoutOutputs: isWithoutOutputs === 1,
  }));
}
