import type { Database } from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { rewriteBatches, writeBatches } from '../../../src/archive/prune/rewrite-batches.ts';
import { recordFullOutputs } from '../../../src/archive/record/record-full-outputs.ts';
import { openArchiveReadOnly } from '../../../src/db/open.ts';
import { loadDuckDb } from '../../../src/lake/parquet/load-duckdb.ts';
import { openWriter } from '../../../src/lake/parquet/open-writer.ts';
import { dayParts } from '../../../src/lake/restore/day-parts.ts';
import type { LakeRows } from '../../../src/lake/restore/lake-rows.ts';
import { putRows } from '../../../src/lake/restore/put-rows.ts';
import type { RestoreTarget } from '../../../src/lake/restore/restorable-tables.ts';
import { emptyShadow, shadowTables } from '../../../src/lake/restore/shadow-tables.ts';
import { stageDay } from '../../../src/lake/stage/stage-day.ts';
import { bringIntoLedger } from '../../../src/ledger/bring-in.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { startTrial, type Trial } from '../../ingest/archive-trial.ts';

/** An archive with some weeks of invocations, one of which has a fetched output and a queued one. */
async function collected(): Promise<Trial> {
  const trial = await startTrial({ invocations: 200, longOutputShare: 0.1 });
  const { sqlite } = trial.db;
  bringIntoLedger(sqlite);
  await trial.pass();
  const invocationId = Number(
    sqlite.prepare('SELECT id FROM invocations WHERE substr(requested_at, 1, 10) = ?').pluck().get(busiestDay(sqlite)),
  );
  sqlite.transaction(() =>
    recordFullOutputs(
      sqlite,
      { invocationId, position: 0, name: 'x', provenance: 's3', fetchedAt: '2026-03-31T12:00:00.000Z' },
      [{ stream: 'stdout', bytes: Buffer.from('whole'), totalBytes: 5, cutBy: null, location: null }],
    ),
  )();
  sqlite
    .prepare(
      "INSERT INTO output_queue SELECT id, 1, 's3', account_id, region, requested_at, 2, 0, 'no such object', NULL FROM invocations WHERE id = ?",
    )
    .run(invocationId);
  return trial;
}

function busiestDay(sqlite: Database): string {
  return String(
    sqlite
      .prepare('SELECT substr(requested_at, 1, 10) FROM invocations GROUP BY 1 ORDER BY count(*) DESC LIMIT 1')
      .pluck()
      .get(),
  );
}

async function filesOfDay(sqlite: Database, day: string): Promise<Record<string, string>> {
  const folder = tempFolder();
  const writer = await openWriter(await loadDuckDb(), folder);
  onTestFinished(() => writer.close());
  const staged = await stageDay(sqlite, writer, { day, folder, metadata: {} });
  return Object.fromEntries(staged.map(({ table, path }) => [table, path]));
}

async function rowsOfDay(sqlite: Database, day: string): Promise<LakeRows> {
  for await (const rows of dayParts(await filesOfDay(sqlite, day), 1000)) return rows;
  return {};
}

function idsOf(sqlite: Database, day: string): number[] {
  return sqlite
    .prepare<[string], number>('SELECT id FROM invocations WHERE substr(requested_at, 1, 10) = ?')
    .pluck()
    .all(day);
}

/** The rows of these invocations in all tables, with digests in place of the ids of outputs. */
function rowsOf(sqlite: Database, schema: RestoreTarget, ids: readonly number[]): unknown[][] {
  const of = (table: string, id: string, order: string, more = '') =>
    sqlite
      .prepare(`SELECT t.*${more} FROM ${schema}.${table} t WHERE t.${id} IN (${ids.join(', ')}) ORDER BY ${order}`)
      .raw()
      .all();
  const output = `, (SELECT lower(hex(sha256)) FROM ${schema}.outputs o WHERE o.id = t.output_id) AS output_id`;
  const named = (table: string) =>
    sqlite
      .prepare<[string], string>("SELECT name FROM pragma_table_info(?, 'main') WHERE name <> 'output_id'")
      .pluck()
      .all(table);
  const without = (table: string, order: string) =>
    sqlite
      .prepare(
        `SELECT ${named(table).join(', ')}${output} FROM ${schema}.${table} t
          WHERE invocation_id IN (${ids.join(', ')}) ORDER BY ${order}`,
      )
      .raw()
      .all();
  return [
    of('invocations', 'id', 'id'),
    without('plugins', 'invocation_id, position'),
    of('revisions', 'invocation_id', 'seq'),
    without('full_outputs', 'seq'),
    of('output_queue', 'invocation_id', 'invocation_id, position, provenance'),
  ];
}

/** Removes the rows of a sealed day, in the order that the triggers ask for. */
function removeDay(sqlite: Database, day: string): void {
  const size = Number(sqlite.prepare('SELECT max(seq) FROM ledger_entries').pluck().get());
  sqlite
    .prepare(
      `INSERT INTO sealed_days (day, generation, entry_seq, tree_size, invocations, leaves, first_id, last_id, first_seq,
         last_seq, first_changed_at, last_changed_at, objects_json) VALUES (?, 1, 1, ?, 1, 1, 1, 1, 1, 1, '', '', '[]')`,
    )
    .run(day, size);
  const ids = idsOf(sqlite, day).join(', ');
  const lines = sqlite
    .prepare<[], { batchId: number; line: number }>(
      `SELECT page_id AS batchId, line FROM revisions WHERE invocation_id IN (${ids})`,
    )
    .all();
  sqlite.transaction(() => {
    const batches = rewriteBatches(sqlite, lines);
    for (const { id, original } of batches) sqlite.prepare('INSERT INTO sealed_pages VALUES (?, ?)').run(id, original);
    sqlite.exec(`
      DELETE FROM ledger_entries WHERE seq IN (SELECT seq FROM full_outputs WHERE invocation_id IN (${ids}));
      DELETE FROM full_outputs WHERE invocation_id IN (${ids});
      DELETE FROM revisions WHERE invocation_id IN (${ids});`);
    writeBatches(sqlite, batches);
    for (const { id, present } of batches)
      if (!present) sqlite.prepare('DELETE FROM sealed_pages WHERE page_id = ?').run(id);
    sqlite.exec(`
      DELETE FROM output_queue WHERE invocation_id IN (${ids});
      DELETE FROM plugins WHERE invocation_id IN (${ids});
      DELETE FROM invocations WHERE id IN (${ids});
      DELETE FROM outputs WHERE NOT EXISTS (SELECT 1 FROM plugins WHERE output_id = outputs.id)
        AND NOT EXISTS (SELECT 1 FROM full_outputs WHERE output_id = outputs.id) AND id > 1`);
  })();
}

describe('rows of the lake in temporary tables', () => {
  it('are the rows of the archive, and are found by the same indexes, until the tables are emptied', async () => {
    const trial = await collected();
    const { sqlite } = trial.db;
    const day = busiestDay(sqlite);
    const before = sqlite.prepare('SELECT count(*) FROM invocations').pluck().get();
    const cold = openArchiveReadOnly(trial.config.db).sqlite;
    onTestFinished(() => void cold.close());
    shadowTables(cold);
    const rows = await rowsOfDay(sqlite, day);
    cold.transaction(() => putRows(cold, 'temp', rows))();
    const ids = idsOf(sqlite, day);
    expect(rowsOf(cold, 'temp', ids)).toEqual(rowsOf(cold, 'main', ids));
    const plan = cold.prepare('EXPLAIN QUERY PLAN SELECT * FROM invocations WHERE instance_id = ?').get('i');
    expect(plan).toMatchObject({ detail: 'SEARCH invocations USING INDEX invocations_instance (instance_id=?)' });
    emptyShadow(cold);
    expect(cold.prepare('SELECT count(*) FROM invocations').pluck().get()).toBe(0);
    expect(cold.prepare('SELECT count(*) FROM main.invocations').pluck().get()).toBe(before);
  });
});

describe('rows that come back into the archive', () => {
  it('are those that were there before, with their leaves, entries and states', async () => {
    const { db } = await collected();
    const { sqlite } = db;
    const day = busiestDay(sqlite);
    const ids = idsOf(sqlite, day);
    const entries = sqlite.prepare('SELECT * FROM ledger_entries ORDER BY seq');
    const before = [rowsOf(sqlite, 'main', ids), entries.all()];
    const rows = await rowsOfDay(sqlite, day);
    const paths = await filesOfDay(sqlite, day);
    removeDay(sqlite, day);
    expect(rowsOf(sqlite, 'main', ids).flat()).toEqual([]);
    let parts = 0;
    for await (const part of dayParts(paths, 3)) {
      parts += 1;
      sqlite.transaction(() => putRows(sqlite, 'main', part))();
    }
    expect(parts).toBe(Math.ceil(ids.length / 3));
    expect([rowsOf(sqlite, 'main', ids), entries.all()]).toEqual(before);
    expect(await rowsOfDay(sqlite, day)).toEqual(rows);
  });
});
