import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bringIntoLedger } from '../../src/ledger/bring-in.ts';
import { FILE_FORMATS, type FileFormat, MEDIA_TYPES } from '../../src/lib/media-types.ts';
import { jsonOf, type SqlCell } from '../../src/questions/sql/encode-value.ts';
import { parseSqlAnswer } from '../../src/questions/sql/parse-sql-answer.ts';
import { SQL_ENGINES, type SqlEngine } from '../../src/questions/sql/sql-engine.ts';
import { apiTrial, faultsOf } from '../http/api/api-trial.ts';
import { sealOneDay } from '../lake/seal-one-day.ts';
import { readArrow, readByDuckDb, readParquet } from '../lib/columns/read-columns.ts';

const secondsOf = (iso: string) => Date.parse(iso) / 1000;
const lake = mkdtempSync(join(tmpdir(), 'ssm-archive-lake-'));
afterAll(() => rmSync(lake, { recursive: true }));
const api = apiTrial({ lake });

beforeAll(async () => {
  api.record([
    { InstanceId: 'i-1', RequestedDateTime: secondsOf('2026-03-01T09:00:00Z') },
    { CommandId: 'c-2', InstanceId: 'i-2', RequestedDateTime: secondsOf('2026-03-05T09:00:00Z') },
  ]);
  bringIntoLedger(api.db.sqlite);
  await sealOneDay(api.db.sqlite.name, lake, '2026-03-01');
});

const read = { parquet: readParquet, arrow: async (bytes: Uint8Array) => readArrow(bytes) };
const link = (asked: Record<string, string>) => `/v1/sql?${new URLSearchParams(asked)}`;
const post = (body: object, accept?: string) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...(accept !== undefined && { accept }) },
  body: JSON.stringify(body),
});

async function file(engine: SqlEngine, format: FileFormat, sql: string) {
  const reply = await api.ask(link({ engine, format, sql }));
  expect([reply.status, reply.headers.get('content-type')]).toEqual([200, MEDIA_TYPES[format]]);
  const bytes = new Uint8Array(await reply.arrayBuffer());
  return { bytes, headers: reply.headers, ...(await read[format](bytes)) };
}

/** A value of a file as an answer in JSON has it. */
function asJson(value: unknown): string {
  const isCell = (cell: unknown): cell is SqlCell =>
    cell === null || ['string', 'bigint', 'number'].includes(typeof cell);
  if (!isCell(value)) throw new Error(`A file has a value of the type ${typeof value}.`);
  return typeof value === 'number' && Number.isNaN(value) ? '"NaN"' : jsonOf(value);
}

/** Values that are easily lost or changed, in the SQL of each engine. */
const HOSTILE: Readonly<Record<SqlEngine, string>> = {
  archive: `WITH v (n, x, t, b, e) AS (VALUES
      (9007199254740993, 0.1, 'a' || char(0) || 'b', x'00ff', NULL),
      (-9223372036854775808, 9e999, '', x'', NULL),
      (9223372036854775807, -9e999, '🎉é' || char(0x202e), x'6162', NULL),
      (NULL, NULL, NULL, NULL, NULL),
      (0, 5e-324, char(0xfeff) || '"' || char(13) || char(10), x'00ff', NULL),
      (0, 1.7976931348623157e308, '=1+1', NULL, NULL))
    SELECT v.*, n AS n, n || 'x' AS "a.b", CAST(t AS BLOB) AS "T" FROM v`,
  lake: `WITH v (n, x, t, b, e) AS (VALUES
      (9007199254740993, 0.1::DOUBLE, 'a' || chr(0) || 'b', '\\x00\\xFF'::BLOB, NULL),
      (-9223372036854775808, 'Infinity', '', ''::BLOB, NULL),
      (9223372036854775807, '-Infinity', '🎉é' || chr(8238), 'ab'::BLOB, NULL),
      (NULL, NULL, NULL, NULL, NULL),
      (0, 5e-324, chr(65279) || '"' || chr(13) || chr(10), '\\x00\\xFF'::BLOB, NULL),
      (0, 'NaN', '=1+1', NULL, NULL))
    SELECT v.*, n AS n, n::VARCHAR || 'x' AS "a.b", true AS "T", n > 0 AS positive, [n] AS list,
           1.10::DECIMAL(5, 2)::VARCHAR AS exact, DATE '2026-03-01' AS day, sum(0) OVER () AS hugeint,
           1::TINYINT AS tiny, 1.5::FLOAT AS single, '6ccd780c-baba-1026-9564-5b8c656024db'::UUID AS uuid FROM v`,
};

describe.each(SQL_ENGINES)('a file of the engine %s', (engine) => {
  it.each(FILE_FORMATS)('has the rows that an answer in JSON has, as %s', async (format) => {
    const sql = HOSTILE[engine];
    const json = parseSqlAnswer(await (await api.ask('/v1/sql', post({ sql, engine }))).text());
    const { names, rows } = await file(engine, format, sql);
    expect(names).toEqual(json.names.map((name, n) => (name === 'n' && n > 0 ? 'n_2' : name)));
    expect(rows.map((row) => row.map(asJson))).toEqual(json.rows);
  });

  it('has the rows of a table, and is a download with a name that ends in its format', async () => {
    const sql = 'SELECT * FROM invocations ORDER BY requested_at';
    const json = parseSqlAnswer(await (await api.ask('/v1/sql', post({ sql, engine }))).text());
    for (const format of FILE_FORMATS) {
      const { rows, names, headers } = await file(engine, format, sql);
      expect([names, rows.map((row) => row.map(asJson))]).toEqual([json.names, json.rows]);
      expect(headers.get('content-disposition')).toBe(`attachment; filename="sql-20260331T120000Z.${format}"`);
      expect(api.accessRows()[0]).toMatchObject({ path: '/v1/sql', rows: rows.length, sql, engine });
    }
  });

  it('says itself what the headers say: its engine, its span, and as of when', async () => {
    for (const format of FILE_FORMATS) {
      const { headers, metadata } = await file(engine, format, 'SELECT 1 AS n');
      const said = [...headers].filter(([name]) => name.startsWith('x-ssm-archive-'));
      expect(Object.fromEntries(said.map(([name, value]) => [name.slice(2), value]))).toEqual(metadata);
      expect(metadata).toEqual(
        engine === 'archive'
          ? { 'ssm-archive-engine': 'archive', 'ssm-archive-whole-from': '2026-03-02' }
          : {
              ...{ 'ssm-archive-engine': 'lake', 'ssm-archive-from': '2026-03-01', 'ssm-archive-to': '2026-03-05' },
              'ssm-archive-as-of': expect.stringMatching(/^\d{4}-\d{2}-\d{2}T.*Z$/),
            },
      );
    }
  });

  it('without rows has its columns', async () => {
    const sql = 'SELECT id, status, requested_at FROM invocations WHERE id < 0';
    for (const format of FILE_FORMATS)
      expect(await file(engine, format, sql)).toMatchObject({ names: ['id', 'status', 'requested_at'], rows: [] });
    const { types } = await readByDuckDb((await file(engine, 'parquet', sql)).bytes);
    expect(types).toEqual(['BIGINT', 'VARCHAR', 'VARCHAR']);
  });

  it('has 300,000 rows, all of them', async () => {
    const sql =
      engine === 'archive'
        ? 'WITH RECURSIVE c (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c LIMIT 300000) SELECT n, n / 4.0 AS x, CAST(n % 1000 AS TEXT) AS t FROM c'
        : 'SELECT range AS n, range / 4 AS x, (range % 1000)::VARCHAR AS t FROM range(300000) ORDER BY 1';
    for (const format of FILE_FORMATS) {
      const { rows } = await file(engine, format, sql);
      expect(rows.length).toBe(300_000);
      expect(rows.findIndex(([n, x, t], i) => n !== BigInt(i) || x !== i / 4 || t !== String(i % 1000))).toBe(-1);
    }
  });

  it('is refused as an answer in JSON is, with the same words', async () => {
    const sql = 'SELECT no_such FROM invocations';
    const json = await api.problem('/v1/sql', 400, post({ sql, engine }));
    expect((await api.problem(link({ sql, engine, format: 'parquet' }), 400)).errors).toEqual(json.errors);
    expect(faultsOf(await api.problem(link({ sql: 'SELECT 1', engine, format: 'orc' }), 400))).toHaveProperty('format');
    expect(
      faultsOf(await api.problem(link({ sql: 'SELECT 1', engine, format: 'arrow', for: 'spreadsheet' }), 400)),
    ).toEqual({
      for: 'is only for CSV: add format=csv',
    });
  });

  it('breaks off at its deadline, and what came is taken for a file by no reader', async () => {
    const sql =
      engine === 'archive'
        ? 'WITH RECURSIVE c (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c) SELECT n FROM c'
        : 'SELECT a.range FROM range(10000000) a, range(10000000) b';
    for (const format of FILE_FORMATS) {
      const reply = await api.app.request(link({ sql, engine, format, timeoutMs: '3000' }));
      expect(reply.status).toBe(200);
      const chunks: Uint8Array[] = [];
      const whole = (async () => {
        if (reply.body) for await (const chunk of reply.body) chunks.push(chunk);
      })();
      await expect(whole).rejects.toThrow();
      const bytes = Buffer.concat(chunks);
      expect(bytes.length).toBeGreaterThan(1000);
      await expect(read[format](bytes)).rejects.toThrow();
    }
  });
});

describe('a form of files', () => {
  it('is chosen by Accept too, and only for SQL and reports', async () => {
    for (const format of FILE_FORMATS) {
      const reply = await api.ask('/v1/sql', post({ sql: 'SELECT 1 AS n' }, MEDIA_TYPES[format]));
      expect((await read[format](new Uint8Array(await reply.arrayBuffer()))).rows).toEqual([[1n]]);
      const report = await api.ask(`/v1/reports/failures-by-document-and-week?format=${format}`);
      const found = await read[format](new Uint8Array(await report.arrayBuffer()));
      expect([report.status, found.names.length > 0, found.metadata]).toMatchObject([
        200,
        true,
        { 'ssm-archive-engine': 'archive' },
      ]);
      expect(faultsOf(await api.problem(`/v1/invocations?format=${format}`, 400))).toHaveProperty('format');
    }
  });

  it('is compressed for HTTP only if it is not compressed itself', async () => {
    const sql = 'WITH RECURSIVE c (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c LIMIT 30000) SELECT n FROM c';
    const encodings = FILE_FORMATS.map(async (format) => {
      const { headers } = await api.app.request(link({ sql, format }), { headers: { 'accept-encoding': 'gzip' } });
      return headers.get('content-encoding');
    });
    expect(await Promise.all(encodings)).toEqual([null, 'gzip']);
  });

  it('refuses a value of another type than its column has, with the row and what to write', async () => {
    const sql = "SELECT column1 AS v FROM (VALUES (1), (2), ('three'))";
    const { errors } = await api.problem(link({ sql, format: 'parquet' }), 400);
    expect(errors).toEqual([
      {
        field: 'sql',
        message:
          'Row 3 has text in the column "v", which has whole numbers in the rows before it; a column of such a file has one type. Write CAST(… AS TEXT) around it in the query.',
      },
    ]);
    const cast = await file('archive', 'parquet', sql.replace('column1', 'CAST(column1 AS TEXT)'));
    expect(cast.rows).toEqual([['1'], ['2'], ['three']]);
  });

  it('takes a sum of DuckDB as 64 bits if it fits, and refuses it otherwise', async () => {
    const sql = 'SELECT sum(n) AS total FROM (VALUES (9223372036854775806), (1)) v (n)';
    expect((await file('lake', 'parquet', sql)).rows).toEqual([[9223372036854775807n]]);
    const { errors } = await api.problem(
      link({ engine: 'lake', format: 'arrow', sql: sql.replace('(1)', '(2)') }),
      400,
    );
    expect(errors).toEqual([
      {
        field: 'sql',
        message: expect.stringContaining('Row 1 has 9223372036854775808 in the column "total", and a whole'),
      },
    ]);
    const text = sql.replace('(1)', '(2)').replace('sum(n)', 'CAST(sum(n) AS TEXT)');
    expect((await file('lake', 'arrow', text)).rows).toEqual([['9223372036854775808']]);
  });

  it('has a DECIMAL of DuckDB with all of its digits', async () => {
    const sql =
      "SELECT 1.10 AS small, '-12345678901234567890123456789.123456789'::DECIMAL(38, 9) AS large, round(2.5, 1) AS r";
    const { types, rows } = await readByDuckDb((await file('lake', 'parquet', sql)).bytes);
    expect([types.slice(0, 2), rows[0]?.slice(0, 2)]).toEqual([
      ['DECIMAL(3,2)', 'DECIMAL(38,9)'],
      ['1.10', '-12345678901234567890123456789.123456789'],
    ]);
  });
});
