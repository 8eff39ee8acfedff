import { asyncBufferFromFile } from 'hyparquet';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadDuckDb } from '../../../src/lake/parquet/load-duckdb.ts';
import { openParquet } from '../../../src/lake/parquet/open-parquet.ts';
import { openWriter } from '../../../src/lake/parquet/open-writer.ts';
import { checkDay } from '../../../src/lake/stage/check-day.ts';
import { type StagedFile, stageDay } from '../../../src/lake/stage/stage-day.ts';
import { bringIntoLedger } from '../../../src/ledger/bring-in.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { startTrial, type Trial } from '../../ingest/archive-trial.ts';

/** An archive with some weeks of invocations, which are in its ledger. */
async function collected(): Promise<Trial> {
  const trial = await startTrial({ invocations: 300, longOutputShare: 0.1 });
  bringIntoLedger(trial.db.sqlite);
  await trial.pass();
  return trial;
}

function busiestDay({ db }: Trial): string {
  return String(
    db.sqlite
      .prepare('SELECT substr(requested_at, 1, 10) FROM invocations GROUP BY 1 ORDER BY count(*) DESC LIMIT 1')
      .pluck()
      .get(),
  );
}

async function staged({ db }: Trial, day: string): Promise<StagedFile[]> {
  const folder = tempFolder();
  const writer = await openWriter(await loadDuckDb(), folder);
  onTestFinished(() => writer.close());
  return stageDay(db.sqlite, writer, { day, folder, metadata: { schema: '1' } });
}

async function rowsOf(path: string) {
  const rows = [];
  for await (const row of (await openParquet(await asyncBufferFromFile(path))).read()) rows.push(row);
  return rows;
}

describe('the files of a day', () => {
  it('have every row of the archive, which another reader than the writer finds in the order of the table, with the leaves of the ledger', async () => {
    const trial = await collected();
    const day = busiestDay(trial);
    const files = await staged(trial, day);
    expect(await checkDay(trial.db.sqlite, day, files)).toEqual([]);
    const count = (sql: string) => trial.db.sqlite.prepare(sql).pluck().get(`${day}%`);
    const rows = Object.fromEntries(files.map(({ table, rows: number }) => [table, number]));
    expect(rows).toEqual({
      invocations: count('SELECT count(*) FROM invocations WHERE requested_at LIKE ?'),
      plugins: count('SELECT count(*) FROM plugins JOIN invocations ON id = invocation_id WHERE requested_at LIKE ?'),
      revisions: count(
        'SELECT count(*) FROM revisions JOIN invocations ON id = invocation_id WHERE requested_at LIKE ?',
      ),
      earlier_outputs: 0,
      full_outputs: 0,
      output_queue: 0,
    });
    expect(rows.invocations).toBeGreaterThan(5);
  });

  it('are the same rows in the same order if the day is written twice', async () => {
    const trial = await collected();
    const day = busiestDay(trial);
    const [first, second] = [await staged(trial, day), await staged(trial, day)];
    for (const { table, path } of first)
      expect(await rowsOf(path)).toEqual(await rowsOf(second.find((one) => one.table === table)?.path ?? ''));
  });

  it('keep outputs with NULs and characters of every plane', async () => {
    const trial = await collected();
    const day = busiestDay(trial);
    const text = 'a\0b \u{1f680} é \u2028 \ufffd \r\n'.repeat(3000);
    trial.db.sqlite
      .prepare(
        'UPDATE outputs SET text = ? WHERE id = (SELECT min(output_id) FROM plugins JOIN invocations ON id = invocation_id WHERE requested_at LIKE ?)',
      )
      .run(text, `${day}%`);
    const files = await staged(trial, day);
    expect(await checkDay(trial.db.sqlite, day, files)).toEqual([]);
    const plugins = files.find(({ table }) => table === 'plugins')?.path ?? '';
    expect((await rowsOf(plugins)).flat()).toContain(text);
  });

  it('are refused if a row of them is not one of the archive’s, or if a leaf is not the one of the ledger', async () => {
    const trial = await collected();
    const day = busiestDay(trial);
    const files = await staged(trial, day);
    const other = files.map((file) => ({ ...file, rowsDigest: file.rowsDigest.replace(/^../, 'zz') }));
    expect(await checkDay(trial.db.sqlite, day, other)).toContainEqual(
      `invocations of ${day}: its rows are not those of the archive`,
    );
    trial.db.sqlite.exec('DROP TRIGGER IF EXISTS ledger_tiles_only_grow');
    trial.db.sqlite.exec('UPDATE ledger_tiles SET hashes = zeroblob(length(hashes)) WHERE level = 0');
    expect(await checkDay(trial.db.sqlite, day, files)).toEqual([
      expect.stringMatching(/^revisions of \S+: row 1: its leaf is not leaf \d+ of the ledger/),
    ]);
  });
});
