import { setImmediate } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import type { NamedOutputs } from '../../archive/prune/named-outputs.ts';
import { type RewrittenBatch, rewriteBatches, writeBatches } from '../../archive/prune/rewrite-batches.ts';
import { countGone } from '../../archive/sealed/count-gone.ts';
import { readSealedDay } from '../../archive/sealed/read-sealed-days.ts';
import { IS_WITHOUT_OUTPUTS } from '../../archive/shared/without-outputs.ts';
import { prepareOnce } from '../../db/prepare-once.ts';
import { isUnfinished } from '../../db/sql/final-sql.ts';
import { OF_DAY, spanOf } from '../tables/select-rows.ts';
import type { SealDeps } from './seal-deps.ts';

/** Removing so many invocations takes some hundredths of a second, and other writers wait no longer than that. */
const AT_ONCE = 500;

/** An invocation that is in the lake. */
interface SealedRows {
  id: number;
  revisions: SealedRevision[];
  fullOutputs: number[];
}

interface SealedRevision {
  seq: number;
  batchId: number;
  line: number;
  pluginCount: number;
  isLast: boolean;
  isWithoutOutputs: boolean;
}

/**
 * Removes the rows of a sealed day that are in the lake, in small transactions, and returns how many invocations went.
 * Rows that changed after the day was read stay, as do those of a day that was unsealed. Invocations whose end nobody saw
 * stay too, although the lake has them: they are few, and lists of the unfinished and certificates ask for them. If it
 * is interrupted, the next call goes on.
 */
export async function removeHotRows(
  { sqlite, now, renew, named, signal, onStep }: SealDeps,
  day: string,
): Promise<number> {
  const ids = sqlite
    .prepare<[object], number>(
      `SELECT i.id FROM main.invocations i WHERE ${OF_DAY} AND NOT (${isUnfinished('i.status')}) ORDER BY i.id`,
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
    const rows = part.map((id) => rowsOf(sqlite, id)).filter((one) => lastSeqOf(one) <= sealed.treeSize);
    remove(sqlite, ofRun, rows);
    return rows.length;
  });
  let removed = 0;
  try {
    for (let from = 0; from < ids.length && !signal?.aborted; from += AT_ONCE) {
      removed += removePart.immediate(ids.slice(from, from + AT_ONCE));
      onStep?.({ step: 'removed', day, invocations: removed });
      await setImmediate();
    }
  } finally {
    sqlite.pragma('synchronous = FULL');
  }
  return removed;
}

function lastSeqOf({ revisions, fullOutputs }: SealedRows): number {
  return Math.max(0, ...revisions.map(({ seq }) => seq), ...fullOutputs);
}

function rowsOf(sqlite: Database, id: number): SealedRows {
  const revisions = prepareOnce<
    [number],
    { seq: number; batchId: number; line: number; pluginCount: number; isWithoutOutputs: 0 | 1 }
  >(
    sqlite,
    `SELECT r.seq, r.page_id AS batchId, r.line, r.plugin_count AS pluginCount, ${IS_WITHOUT_OUTPUTS} AS isWithoutOutputs
       FROM main.revisions r WHERE r.invocation_id = ? ORDER BY r.seq`,
  ).all(id);
  const fullOutputs = prepareOnce<[number], number>(
    sqlite,
    'SELECT seq FROM main.full_outputs WHERE invocation_id = ? ORDER BY seq',
  )
    .pluck()
    .all(id);
  return {
    ...{ id, fullOutputs },
    revisions: revisions.map(({ isWithoutOutputs, ...revision }, n) => ({
      ...revision,
      isLast: n === revisions.length - 1,
      isWithoutOutputs: isWithoutOutputs === 1,
    })),
  };
}

/** The triggers want the rows that name leaves to go while the invocation is still there. */
function remove(sqlite: Database, named: NamedOutputs, rows: readonly SealedRows[]): void {
  const digests = outputsOf(sqlite, named, rows);
  const revisions = rows.flatMap((row) => row.revisions);
  const batches = rewriteBatches(sqlite, revisions);
  for (const { fullOutputs } of rows)
    for (const seq of fullOutputs)
      for (const table of ['ledger_entries', 'full_outputs'])
        prepareOnce(sqlite, `DELETE FROM ${table} WHERE seq = ?`).run(seq);
  for (const { seq } of revisions) prepareOnce(sqlite, 'DELETE FROM revisions WHERE seq = ?').run(seq);
  // The seeds of these batches must not stay in pages of the file that are free now.
  sqlite.pragma('secure_delete = ON');
  removeBatches(sqlite, batches);
  sqlite.pragma('secure_delete = FAST');
  countGone(
    sqlite,
    rows.map(({ id }) => id),
  );
  for (const { id } of rows) {
    for (const table of ['output_queue', 'late_looks_owed', 'plugins'])
      prepareOnce(sqlite, `DELETE FROM ${table} WHERE invocation_id = ?`).run(id);
    prepareOnce(sqlite, 'DELETE FROM invocations WHERE id = ?').run(id);
  }
  named.dropUnnamed(digests);
}

/** The outputs, by SHA-256 in hex, that these rows name. Only earlier states must be unpacked for that. */
function outputsOf(sqlite: Database, named: NamedOutputs, rows: readonly SealedRows[]): Set<string> {
  const digests = named.forget(
    rows.map(({ revisions, fullOutputs }) => ({
      fullOutputs,
      revisions: revisions.filter(({ isLast, pluginCount }) => !isLast && pluginCount > 0),
    })),
  );
  const printed = prepareOnce<[number], string>(
    sqlite,
    'SELECT lower(hex(o.sha256)) FROM main.plugins p JOIN main.outputs o ON o.id = p.output_id WHERE p.invocation_id = ?',
  ).pluck();
  for (const { id } of rows) for (const digest of printed.all(id)) digests.add(digest);
  return digests;
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
