import { describe, expect, it } from 'vitest';
import { bringDayBack } from '../../../src/lake/seal/bring-day-back.ts';
import { sealDay } from '../../../src/lake/seal/seal-day.ts';
import { SqlFault } from '../../../src/questions/sql/sql-fault.ts';
import { knowTests } from '../../on-test-end.ts';
import { recordLate } from '../record-late.ts';
import { sealedArchive } from '../sealed-archive.ts';
import { whereRowsAre } from '../where-rows-are.ts';
import { lakeSqlTrial } from './lake-sql-trial.ts';

knowTests();

/** Questions about all that both engines have, whose SQL means the same in both. */
const QUESTIONS = [
  'SELECT id, command_id, instance_id, status, requested_at, comment FROM invocations ORDER BY id',
  'SELECT invocation_id, "position", name, status, response_code, is_skipped FROM plugins ORDER BY 1, 2',
  'SELECT invocation_id, seq, observed_at, status FROM revisions ORDER BY seq',
  `SELECT invocation_id, "position", plugin_name, status, duration_ms, output, is_output_truncated, is_skipped
     FROM plugin_runs ORDER BY 1, 2`,
  'SELECT command_id, document_name, requested_at FROM commands ORDER BY 1',
  `SELECT day, account_id, region, document_name, status, invocations FROM daily_counts
    ORDER BY 1, 2, 3, 4, 5, status_details`,
  'SELECT account_id, region, state, from_at, to_at, spread_ms FROM coverage_states ORDER BY 1, 2, 3, 4',
];

describe('SQL over the lake', () => {
  it('has the rows of sealed and of other days, as SQLite had all of them before, and says from when to when', async () => {
    const archive = await sealedArchive({ sealed: 0 });
    const { sqlite, days } = archive;
    const { rows } = lakeSqlTrial(sqlite.name, archive.lake);
    const before = await Promise.all(QUESTIONS.map((sql) => rows('archive', sql)));
    expect(before.map((all) => all.length > 0)).not.toContain(false);
    for (const day of days.slice(0, 4)) await sealDay(archive.deps, day);

    const { rows: lakeRows, lake } = lakeSqlTrial(sqlite.name, archive.lake);
    for (const [n, sql] of QUESTIONS.entries()) expect([sql, await lakeRows('lake', sql)]).toEqual([sql, before[n]]);
    expect((await lake.ready()).facts).toEqual({
      ...{ engine: 'lake', from: days[0], to: days.at(-1), asOf: expect.stringMatching(/^\d{4}-.*Z$/) },
    });
  });

  it('shows an invocation once that is in the archive and in the lake, as the archive has it', async () => {
    const archive = await sealedArchive({ sealed: 3, invocations: 150 });
    const { sqlite, deps, lake, sealed } = archive;
    const [first = '', second = ''] = sealed;
    await bringDayBack(deps, second);
    recordLate(archive, first);
    sqlite.prepare("UPDATE invocations SET comment = 'hot' WHERE requested_at LIKE ?").run(`${second}%`);
    const { rows } = lakeSqlTrial(sqlite.name, lake);
    const known = [...(await whereRowsAre(sqlite, lake)).keys()];
    expect((await rows('lake', 'SELECT id FROM invocations ORDER BY id')).flat()).toEqual(known);
    const [[steps, distinct] = []] = await rows(
      'lake',
      'SELECT count(*), count(DISTINCT (invocation_id, "position")) FROM plugins',
    );
    expect(steps).toBe(distinct);
    expect(
      await rows('lake', 'SELECT DISTINCT comment FROM invocations WHERE substr(requested_at, 1, 10) = :day', {
        day: second,
      }),
    ).toEqual([['hot']]);
  });

  it('binds parameters by name in both forms and by place, and names those that are missing or unknown', async () => {
    const archive = await sealedArchive({ sealed: 1, invocations: 60 });
    const { rows, fault } = lakeSqlTrial(archive.sqlite.name, archive.lake);
    expect(await rows('lake', 'SELECT :a, $b, :a', { a: 1, b: 'x' })).toEqual([[1, 'x', 1]]);
    expect(await rows('lake', 'SELECT ?, ?, ?', [2.5, null, true])).toEqual([[2.5, null, 1]]);
    expect(await rows('lake', 'SELECT \':a\', "t:b".x::VARCHAR FROM (SELECT 1 AS x) "t:b" -- :c', {})).toEqual([
      [':a', '1'],
    ]);
    expect((await fault('lake', 'SELECT :from', {})).message).toBe('The parameter :from has no value.');
    expect((await fault('lake', 'SELECT :from', { form: 1, from: 2 })).message).toBe(
      'The SQL has no parameter "form"; it has :from. Did you mean "from"?',
    );
    expect((await fault('lake', 'SELECT ?', [1, 2])).message).toContain(
      'The SQL has 1 parameter, and params 2 values.',
    );
    const wrong = await fault('lake', 'SELECT statu FROM invocations');
    expect(wrong).toBeInstanceOf(SqlFault);
    expect(wrong).toMatchObject({
      message: expect.stringContaining('"statu" not found'),
      data: { kind: 'sql', position: { offset: 8, line: 1, column: 8 } },
    });
  });
});

/** A value as SQL, as JSON, and as a cell of CSV. */
const VALUES: readonly [sql: string, json: string, csv: string][] = [
  ['NULL', 'null', ''],
  ["''", '""', '""'],
  ['true', '1', '1'],
  ['9223372036854775807', '9223372036854775807', '9223372036854775807'],
  [
    '170141183460469231731687303715884105727::HUGEINT',
    '170141183460469231731687303715884105727',
    '170141183460469231731687303715884105727',
  ],
  ['1.10::DECIMAL(5, 2)', '1.10', '1.10'],
  ['-0.001::DECIMAL(38, 3)', '-0.001', '-0.001'],
  ['1::DOUBLE', '1.0', '1.0'],
  ["'Infinity'::DOUBLE", '9e999', '9e999'],
  ["'-Infinity'::DOUBLE", '-9e999', '-9e999'],
  ["'NaN'::DOUBLE", '"NaN"', 'NaN'],
  ["'\\x00\\xFF'::BLOB", '"00ff"', '00ff'],
  ["TIMESTAMP '2026-03-01 09:30:00.5'", '"2026-03-01 09:30:00.5"', '2026-03-01 09:30:00.5'],
  ["TIMESTAMPTZ '2026-03-01 09:30:00+02'", '"2026-03-01 07:30:00+00"', '2026-03-01 07:30:00+00'],
  ["DATE '2026-03-01'", '"2026-03-01"', '2026-03-01'],
  ['INTERVAL 90 MINUTE', '"01:30:00"', '01:30:00'],
  ['[1, NULL, 9007199254740993]', '"[1,null,9007199254740993]"', '"[1,null,9007199254740993]"'],
  ["{'a': 'x', 'b': [1.5]}", '"{\\"a\\":\\"x\\",\\"b\\":[1.5]}"', '"{""a"":""x"",""b"":[1.5]}"'],
  ["MAP {'k': 1}", '"[{\\"key\\":\\"k\\",\\"value\\":1}]"', '"[{""key"":""k"",""value"":1}]"'],
];

describe('a value of the lake', () => {
  it('is exact in JSON, CSV and NDJSON, as docs/sql.md says', async () => {
    const archive = await sealedArchive({ sealed: 1, invocations: 60 });
    const { answer, lines } = lakeSqlTrial(archive.sqlite.name, archive.lake);
    for (const [sql, json, csv] of VALUES) {
      const query = `SELECT 0 AS n, ${sql} AS v`;
      expect((await answer('lake', query)).json).toContain(`"rows":[[0,${json}]]`);
      expect(await lines('lake', query, 'ndjson')).toBe(`{"n":0,"v":${json}}\n`);
      expect(await lines('lake', query, 'csv')).toBe(`n,v\r\n0,${csv}\r\n`);
    }
  });
});
