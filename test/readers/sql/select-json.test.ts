import { describe, expect, it } from 'vitest';
import { type SelectJsonInput, selectJson } from '../../../src/readers/sql/select-json.ts';
import { selectLines } from '../../../src/readers/sql/select-lines.ts';
import { SqlFault } from '../../../src/readers/sql/sql-fault.ts';
import { sqlTrial } from './sql-trial.ts';

const { sqlite } = sqlTrial();
const ENDLESS = 'WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n FROM c';

function answer(input: Pick<SelectJsonInput, 'sql'> & Partial<SelectJsonInput>): Record<string, unknown> {
  const chunks = [...selectJson(sqlite, { limit: 1000, maxBytes: 100_000, ...input }, () => {})];
  return JSON.parse(Buffer.concat(chunks).toString());
}

describe('an answer in JSON', () => {
  it('has no more rows than it may, and says whether there were more', () => {
    expect(answer({ sql: ENDLESS, limit: 2 })).toMatchObject({ rows: [[1], [2]], rowCount: 2, truncated: true });
    expect(answer({ sql: `${ENDLESS} LIMIT 2`, limit: 2 })).toMatchObject({ rowCount: 2, truncated: false });
    expect(answer({ sql: `${ENDLESS} LIMIT 0` })).toMatchObject({ rows: [], rowCount: 0, truncated: false });
  });

  it('has no more bytes than it may, be it by one row or by all', () => {
    const whole = answer({ sql: `SELECT n FROM (${ENDLESS}) LIMIT 1000000`, limit: 1_000_000, maxBytes: 1000 });
    expect(whole.truncated).toBe(true);
    expect(JSON.stringify(whole).length).toBeLessThan(1200);
    expect(answer({ sql: "SELECT printf('%.*c', 2000, 'x')", maxBytes: 1000 })).toMatchObject({
      ...{ rows: [], rowCount: 0, truncated: true },
    });
  });

  it('is refused where the names of its columns alone are more', () => {
    const sql = `WITH a AS (SELECT 1 AS "${'n'.repeat(2000)}") SELECT * FROM a, a b, a c`;
    expect(() => answer({ sql, maxBytes: 5000 })).toThrow(SqlFault);
    expect(answer({ sql, maxBytes: 8000 })).toMatchObject({ rowCount: 1, truncated: false });
  });

  it('has the type of the first value where none is declared', () => {
    const sql = `VALUES (NULL, NULL, 1.5), (NULL, x'00', NULL), (NULL, 1, 2)`;
    expect(answer({ sql })).toMatchObject({ columns: [{ type: null }, { type: 'BLOB' }, { type: 'REAL' }] });
  });
});

describe('an answer in lines', () => {
  const text = (sql: string, format: 'csv' | 'ndjson') =>
    Buffer.concat([...selectLines(sqlite, { sql, format, isRaw: false }, () => {})]).toString();

  it('has a header in CSV though it has no rows, and nothing in NDJSON', () => {
    expect(text('SELECT 1 AS "a,b", 2 AS "=c" WHERE 0', 'csv')).toBe('"a,b","\'=c"\r\n');
    expect(text('SELECT 1 WHERE 0', 'ndjson')).toBe('');
  });

  it('has each column of one name in NDJSON, whatever others are called', () => {
    expect(text('SELECT 1 AS n, 2 AS n, 3 AS n_2, 4 AS "__proto__"', 'ndjson')).toBe(
      '{"n":1,"n_2":2,"n_2_2":3,"__proto__":4}\n',
    );
  });
});
