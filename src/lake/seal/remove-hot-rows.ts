import { setImmediate } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import { type NamedOutputs, OF_JSON } from '../../archive/prune/named-outputs.ts';
import { type RewrittenBatch, rewriteBatches, writeBatches } from '../../archive/prune/rewrite-batches.ts';
import { countGone } from '../../archive/sealed/count-gone.ts';
import { IS_LEFT_BEHIND } from '../../archive/sealed/day-moves.ts';
import { readSealedDay } from '../../archive/sealed/read-sealed-days.ts';
import { IS_WITHOUT_OUTPUTS } from '../../archive/shared/without-outputs.ts';
import { prepareOnce } from '../../db/prepare-once.ts';
import { isUnfinished } from '../../db/sql/final-sql.ts';
import { OF_DAY, spanOf } from '../tables/select-rows.ts';
import type { SealDeps } from './seal-deps.ts';

/** Other writers wait as long as one transaction takes, so it removes about as many as it can in this time. */
const TARGET_MS = 80;
const FIRST_PART = 500;
const LEAST_PART = 200;
const MOST_PART = 4000;
/** So many states of one batch are looked for. Batches rarely have more. */
const MOST_LINES = 1000;

interface SealedRevision {
  id: number;
  seq: number;
  batchId: number;
  line: number;
  pluginCount: number;
  isLast: boolean;
  isWithoutOutputs: boolean;
}

/** What is in the lake of some invocations. */
interface SealedRows {
  ids: number[];
  revisions: SealedRevision[];
  fullOutputs: { id: number; seq: number }[];
}

/**
 * Removes the rows of a sealed day that are in the lake, in small transactions, and returns how many invocations went.
 * Rows that changed after the day was read stay, as do those of a day that was unsealed. Invocations whose end nobody saw
 * stay too, although the lake has them: they are few, and lists of the unfinished and certificates ask for them. So do
 * those that the lake still shows on a day which they have left. If it is interrupted, the next call goes on.
 */
export async function removeHotRows(
  { sqlite, now, renew, named, signal, onStep }: SealDeps,
  day: string,
): Promise<number> {
  const ids = sqlite
    .prepare<[object], number>(
      `SELECT i.id FROM main.invocations i WHERE ${OF_DAY} AND NOT (${isUnfinished('i.status')}) AND NOT ${IS_LEFT_BEHIND} ORDER BY i.id`,
    )
    .pluck()
    .all(spanOf(day));
  if (ids.length === 0) return 0;
  const ofRun = named();
  sqlite.pragma('foreign_keys = OFF');
  // The entry of the day is on the disk. If the machine loses its last removals, the next run repeats them.
  sqlite.pragma('synchronous = NORMAL');
  const removePart = sqlite.transaction((part: readonly number[]): number => {
    renew(now().getTime());
    // The day may have been unsealed since.
    const sealed = readSealedDay(sqlite, day);
    if (!sealed || sealed.isUnsealed || sealed.prunedSeq !== null) return 0;
    ofRun.catchUp();
    const rows = rowsOf(sqlite, part, sealed.treeSize);
    remove(sqlite, ofRun, rows);
    return rows.ids.length;
  });
  let removed = 0;
  try {
    let size = FIRST_PART;
    for (let from = 0; from < ids.length && !signal?.aborted; ) {
      const part = ids.slice(from, endOfPart(sqlite, ids, from + size));
      const begin = performance.now();
      removed += removePart.immediate(part);
      from += part.length;
      size = nextSize(size, performance.now() - begin);
      onStep?.({ step: 'removed', day, invocations: removed });
      await setImmediate();
    }
  } finally {
    sqlite.pragma('synchronous = FULL');
  }
  return removed;
}

/**
 * Returns where a part ends that should end at `end`: after the last invocation of the batch in which it would end, since
 * each part packs what it leaves of a batch again.
 */
function endOfPart(sqlite: Database, ids: readonly number[], end: number): number {
  const lastOfBatch = prepareOnce<[number], number | null>(
    sqlite,
    `SELECT max(n.invocation_id) FROM (SELECT seq, page_id FROM main.revisions WHERE invocation_id = ? ORDER BY seq LIMIT 1) r
       JOIN main.revisions n ON n.seq >= r.seq AND n.seq < r.seq + ${MOST_LINES} AND n.page_id = r.page_id`,
  )
    .pluck()
    .get(ids[end - 1] ?? 0);
  let at = end;
  while (at < end + MOST_LINES && (ids[at] ?? Number.POSITIVE_INFINITY) <= (lastOfBatch ?? 0)) at += 1;
  return at;
}

/** How many invocations are removed next, after so many took so long. */
function nextSize(size: number, tookMs: number): number {
  const fitting = Math.round((size * TARGET_MS) / Math.max(1, tookMs));
  return Math.min(MOST_PART, 2 * size, Math.max(LEAST_PART, fitting));
}

/** The rows of those invocations of which the lake has all leaves. */
function rowsOf(sqlite: Database, part: readonly number[], treeSize: number): SealedRows {
  const json = JSON.stringify(part);
  const revisions = prepareOnce<[string], Omit<SealedRevision, 'isLast' | 'isWithoutOutputs'> & { isBare: 0 | 1 }>(
    sqlite,
    `SELECT r.invocation_id AS id, r.seq, r.page_id AS batchId, r.line, r.plugin_count AS pluginCount, ${IS_WITHOUT_OUTPUTS} AS isBare
       FROM json_each(?) j CROSS JOIN main.revisions r ON r.invocation_id = j.value ORDER BY r.invocation_id, r.seq`,
  ).all(json);
  const fullOutputs = prepareOnce<[string], { id: number; seq: number }>(
    sqlite,
    `SELECT f.invocation_id AS id, f.seq FROM json_each(?) j CROSS JOIN main.full_outputs f ON f.invocation_id = j.value ORDER BY f.seq`,
  ).all(json);
  const later = new Set([...revisions, ...fullOutputs].filter(({ seq }) => seq > treeSize).map(({ id }) => id));
  const isSealed = ({ id }: { id: number }) => !later.has(id);
  return {
    ids: part.filter((id) => !later.has(id)),
    revisions: revisions
      .map(({ isBare, ...one }, n) => ({
        ...one,
        isLast: one.id !== revisions[n + 1]?.id,
        isWithoutOutputs: isBare === 1,
      }))
      .filter(isSealed),
    fullOutputs: fullOutputs.filter(isSealed),
  };
}

/** The triggers want the rows that name leaves to go while the invocation is still there. */
function remove(sqlite: Database, named: NamedOutputs, { ids, revisions, fullOutputs }: SealedRows): void {
  const earlier = revisions.filter(({ isLast, pluginCount }) => !isLast && pluginCount > 0);
  const seqsOfOutputs = fullOutputs.map(({ seq }) => seq);
  const digests = named.forget([{ revisions: earlier, fullOutputs: seqsOfOutputs }]);
  const json = JSON.stringify(ids);
  const printed = prepareOnce<[string], number>(
    sqlite,
    `SELECT DISTINCT p.output_id FROM main.plugins p WHERE p.output_id IS NOT NULL AND p.invocation_id IN ${OF_JSON}`,
  )
    .pluck()
    .all(json);
  const batches = rewriteBatches(sqlite, revisions);
  for (const table of ['ledger_entries', 'full_outputs'])
    prepareOnce(sqlite, `DELETE FROM ${table} WHERE seq IN ${OF_JSON}`).run(JSON.stringify(seqsOfOutputs));
  prepareOnce(sqlite, `DELETE FROM revisions WHERE seq IN ${OF_JSON}`).run(
    JSON.stringify(revisions.map(({ seq }) => seq)),
  );
  // The seeds of these batches must not stay in pages of the file that are free now.
  sqlite.pragma('secure_delete = ON');
  removeBatches(sqlite, batches);
  sqlite.pragma('secure_delete = FAST');
  countGone(sqlite, ids);
  for (const table of ['output_queue', 'late_looks_owed', 'plugins'])
    prepareOnce(sqlite, `DELETE FROM ${table} WHERE invocation_id IN ${OF_JSON}`).run(json);
  prepareOnce(sqlite, `DELETE FROM invocations WHERE id IN ${OF_JSON}`).run(json);
  named.dropUnnamed(digests, printed);
}

/**
 * Writes the batches without the states that went. The digest that a batch had before is kept while the batch is there:
 * the leaf of its first state has it.
 */
function removeBatches(sqlite: Database, batches: readonly RewrittenBatch[]): void {
  const keep = prepareOnce<[object], never>(
    sqlite,
    `INSERT INTO sealed_pages (page_id, original_sha256) SELECT :id, :original
      WHERE NOT EXISTS (SELECT 1 FROM main.sealed_pages WHERE page_id = :id)
        AND NOT EXISTS (SELECT 1 FROM main.pruned_pages WHERE page_id = :id)`,
  );
  for (const { id, original } of batches) keep.run({ id, original });
  writeBatches(sqlite, batches);
}
