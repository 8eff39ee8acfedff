import SQLite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { findOpeners } from '../../src/lib/files/find-openers.ts';
import { type Setting, start, startSetting } from '../end-to-end/run-cli.ts';
import { knowTests, onTestEnd } from '../on-test-end.ts';
import { until } from '../until.ts';

knowTests();

const LONG = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 4000000)
  SELECT count(*) AS n, (SELECT count(*) FROM invocations) AS m FROM n`;

/** An archive in the state in which an older version leaves it at a clean end: in WAL mode, without a -wal. */
async function unlockedArchive(): Promise<Setting> {
  const setting = await startSetting({ invocations: 50 });
  expect((await start(setting, ['ingest']).ended).code).toBe(0);
  const sqlite = new SQLite(setting.archive);
  sqlite.pragma('journal_mode = WAL');
  sqlite.close();
  return setting;
}

/** Writes to the archive as an older server does at its start. No lock can prevent that. */
function writeTo(path: string): void {
  const writer = new SQLite(path);
  onTestEnd(() => void writer.close());
  writer.exec("UPDATE runs SET collector = 'another'");
}

describe.concurrent('an archive in WAL mode without its -wal, which no lock can protect', () => {
  it.each([['csv'], ['json'], ['ndjson'], ['table']])(
    'gives no answer in %s, not even the beginning of one, if somebody begins to write to the archive during the query',
    async (format) => {
      const setting = await unlockedArchive();
      const query = start(setting, ['sql', '--format', format, LONG]);
      await until(() => findOpeners(setting.archive).some(({ command }) => command.includes('sql-reader')));
      writeTo(setting.archive);
      expect(await query.ended).toMatchObject({
        code: 1,
        out: '',
        err: expect.stringMatching(
          /was written to while it was read, so the answer may be wrong and is not shown\. Run the command again\./,
        ),
      });
    },
  );

  it('gives the whole answer to a query, even if it is too large for memory', async () => {
    const setting = await unlockedArchive();
    const rows = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 300000) SELECT i, '${'x'.repeat(90)}' AS x FROM n`;
    const { code, out } = await start(setting, ['sql', '--format', 'csv', rows]).ended;
    expect(code).toBe(0);
    expect(out.trimEnd().split(/\r?\n/)).toHaveLength(300_001);
  });
});
