import { describe, expect, it } from 'vitest';
import { type SelectJsonInput, selectJson } from '../../../src/processes/sql/select-json.ts';
import { selectLines } from '../../../src/processes/sql/select-lines.ts';
import { SqlFault } from '../../../src/questions/sql/sql-fault.ts';
import { sqlTrial } from './sql-trial.ts';

const { sqlite } = sqlTrial();
const ENDLESS = 'WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n FROM c';

function answer(input: Pick<SelectJsonInput, 'sql'> & Partial<SelectJsonInput>): Record<string, unknown> {
  const chunks = [...selectJson(sqlite, { limit: 1000, maxBytes: 100_000, ...input }, { note() {} })];
  return JSON.parse(Buffer.concat(chunks).toString());
}

describe('an answer in JSON', () => {
  it('has at most the allowed number of rows, and says whether there were more', () => {
    expect(answer({ sql: ENDLESS, limit: 2 })).toMatchObject({ rows: [[1], [2]], rowCount: 2, truncated: true });
    expect(answer({ sql: `${ENDLESS} LIMIT 2`, limit: 2 })).toMatchObject({ rowCount: 2, truncated: false });
    expect(answer({ sql: `${ENDLESS} LIMIT 0` })).toMatchObject({ rows: [], rowCount: 0, truncated: false });
  });

  it('has at most the allowed number of bytes, whether one row or all rows together would exceed it', () => {
    const whole = answer({ sql: `SELECT n FROM (${ENDLESS}) LIMIT 1000000`, limit: 1_000_000, maxBytes: 1000 });
    expect(whole.truncated).toBe(true);
    expect(JSON.stringify(whole).length).toBeLessThan(1200);
    expect(answer({ sql: "SELECT printf('%.*c', 2000, 'x')", maxBytes: 1000 })).toMatchObject({
      ...{ rows: [], rowCount: 0, truncated: true },
    });
  });

  it('is refused if the names of its columns alone exceed the limit', () => {
    const sql = `WITH a AS (SELECT 1 AS "${'n'.repeat(2000)}") SELECT * FROM a, a b, a c`;
    expect(() => answer({ sql, maxBytes: 5000 })).toThrow(SqlFault);
    expect(answer({ sql, maxBytes: 8000 })).toMatchObject({ rowCount: 1, truncated: false });
  });

  it('has the type of the first value of a column if none is declared', () => {
    const sql = `VALUES (NULL, NULL, 1.5), (NULL, x'00', NULL), (NULL, 1, 2)`;
    expect(answer({ sql })).toMatchObject({ columns: [{ type: null }, { type: 'BLOB' }, { type: 'REAL' }] });
  });
});

describe('an answer in lines', () => {
  function text(sql: string, format: 'csv' | 'ndjson'): string {
    let written = '';
    // The writer may reuse a chunk once it has been taken.
    const push = (chunk: Uint8Array) => {
      written += Buffer.from(chunk).toString();
    };
    selectLines(sqlite, { sql, format, csvForm: 'safe' }, { note() {}, push });
    return written;
  }

  it('has a header in CSV even without rows, and nothing in NDJSON', () => {
    expect(text('SELECT 1 AS "a,b", 2 AS "=c" WHERE 0', 'csv')).toBe('"a,b","\'=c"\r\n');
    expect(text('SELECT 1 WHERE 0', 'ndjson')).toBe('');
  });

  it('is the same however the SQL text ends', () => {
    const lines = text('SELECT column1 AS n FROM (VALUES (2), (3), (1)) ORDER BY n DESC', 'csv');
    expect(lines).toBe('n\r\n3\r\n2\r\n1\r\n');
    for (const end of [';', ' ; ; -- end', ' -- end', ' /* end */', ' /* end', '\0) SELECT 5', "\0'", ' /* ) -- '])
      expect(text(`SELECT column1 AS n FROM (VALUES (2), (3), (1)) ORDER BY n DESC${end}`, 'csv')).toBe(lines);
  });

  it('has no row that SQLite did not return: a query cannot call the functions that receive rows', () => {
    expect(text('SELECT 1 AS n', 'ndjson')).toBe('{"n":1}\n');
    for (const name of ['ssm_archive_row', '"SSM_archive_ROW"'])
      expect(() => text(`SELECT ${name}(5) AS n`, 'ndjson')).toThrow('may not be used here');
  });

  it('breaks off where SQLite reports an error, and leaves the connection free', () => {
    expect(() => text('SELECT abs(column1) FROM (VALUES (1), (-9223372036854775808))', 'csv')).toThrow(
      'integer overflow',
    );
    expect(text('SELECT 1 AS n', 'csv')).toBe('n\r\n1\r\n');
  });

  it('has all columns in NDJSON even if several have the same name, whatever the other columns are called', () => {
    expect(text('SELECT 1 AS n, 2 AS n, 3 AS n_2, 4 AS "__proto__"', 'ndjson')).toBe(
      '{"n":1,"n_2":2,"n_2_2":3,"__proto__":4}\n',
    );
  });
});
