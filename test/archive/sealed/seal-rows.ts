import { countGone } from '../../../src/archive/sealed/count-gone.ts';
import { recordSealedValues } from '../../../src/archive/sealed/record-sealed-values.ts';
import type { ArchiveDb } from '../../../src/db/open.ts';
import { createBatchReader } from '../../../src/ledger/entries/create-batch-reader.ts';

/**
 * Seals every day of an archive, without a lake: what stays in the file is what stays after sealing, and the rows are
 * gone.
 */
export function sealRows({ sqlite }: ArchiveDb): void {
  const days = sqlite.prepare<[], string>('SELECT DISTINCT substr(requested_at, 1, 10) FROM invocations').pluck().all();
  for (const day of days) {
    sqlite.transaction(() => {
      recordSealedValues(sqlite, day);
      noteSealedDay(sqlite, day);
      const ids = sqlite
        .prepare<[string], number>('SELECT id FROM invocations WHERE substr(requested_at, 1, 10) = ?')
        .pluck();
      const ofDay = ids.all(day);
      countGone(sqlite, ofDay);
      for (const id of ofDay) removeRows(sqlite, id);
    })();
  }
  dropBatches(sqlite);
}

/** Notes that a day is in the lake, as far as readers of the file can see. */
export function noteSealedDay(sqlite: ArchiveDb['sqlite'], day: string): void {
  sqlite
    .prepare(
      `INSERT INTO sealed_days (day, generation, entry_seq, tree_size, invocations, leaves, first_id, last_id, first_seq,
         last_seq, first_changed_at, last_changed_at, objects_json)
       SELECT :day, 1, 1, coalesce((SELECT max(seq) FROM revisions), 0), count(*), 1, coalesce(min(id), 0),
              coalesce(max(id), 0), 1, 1, '', '', '[]' FROM invocations WHERE substr(requested_at, 1, 10) = :day`,
    )
    .run({ day });
}

function removeRows(sqlite: ArchiveDb['sqlite'], id: number): void {
  for (const table of ['revisions', 'output_queue', 'plugins'])
    sqlite.prepare(`DELETE FROM ${table} WHERE invocation_id = ?`).run(id);
  sqlite.prepare('DELETE FROM late_looks_owed WHERE invocation_id = ?').run(id);
  sqlite.prepare('DELETE FROM invocations WHERE id = ?').run(id);
}

/** Removes the batches without a state, as sealing does. */
function dropBatches(sqlite: ArchiveDb['sqlite']): void {
  const readBatch = createBatchReader(sqlite);
  const ids = sqlite
    .prepare<[], number>('SELECT id FROM revision_pages WHERE id NOT IN (SELECT page_id FROM revisions)')
    .pluck()
    .all();
  for (const id of ids) {
    sqlite.prepare('INSERT INTO sealed_pages (page_id, original_sha256) VALUES (?, ?)').run(id, readBatch(id).digest);
    sqlite.prepare('DELETE FROM revision_pages WHERE id = ?').run(id);
  }
}
