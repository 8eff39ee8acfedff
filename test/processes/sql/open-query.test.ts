import { describe, expect, it } from 'vitest';
import { openQuery, type SqlQuery } from '../../../src/processes/sql/open-query.ts';
import { sqlTrial } from './sql-trial.ts';

const { sqlite, rows, fault } = sqlTrial();

function planOf(query: SqlQuery): string[] | undefined {
  let plan: string[] | undefined;
  openQuery(sqlite, query, (told) => {
    plan = told;
  });
  return plan;
}

describe('a query that is opened', () => {
  it('has its columns, with their declared types', () => {
    const { columns } = openQuery(sqlite, { sql: 'SELECT id, sha256 AS digest, id + 1, text FROM outputs' }, () => {});
    expect(columns).toEqual([
      { name: 'id', type: 'INTEGER' },
      { name: 'digest', type: 'BLOB' },
      { name: 'id + 1', type: undefined },
      { name: 'text', type: 'TEXT' },
    ]);
  });

  it('reports its plan before its first row, indented by depth', () => {
    expect(planOf({ sql: 'SELECT 1 FROM leases WHERE name = :a', params: { a: 'x' } })?.join()).toMatch(
      /^SEARCH leases USING/,
    );
    const nested = planOf({ sql: 'SELECT * FROM (SELECT 1 UNION SELECT 2)' });
    expect(nested?.some((line) => line.startsWith('    '))).toBe(true);
  });

  it('reports no plan if it asks for one itself', () => {
    expect(planOf({ sql: 'EXPLAIN QUERY PLAN SELECT 1' })).toBeUndefined();
  });

  it('returns its rows one by one, however many there are', () => {
    const sql = 'WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n FROM c';
    const taken: unknown[] = [];
    for (const row of openQuery(sqlite, { sql }, () => {}).rows) {
      taken.push(...row);
      if (taken.length === 3) break;
    }
    expect(taken).toEqual([1n, 2n, 3n]);
    // After an unfinished query, the connection is free for the next.
    expect(rows('SELECT 1')).toEqual([[1n]]);
  });

  it('fails with SQLite’s message in the middle of its rows', () => {
    expect(fault('SELECT abs(column1) FROM (VALUES (1), (-9223372036854775808))').message).toBe('integer overflow');
    expect(rows('SELECT 1')).toEqual([[1n]]);
  });
});

describe('a plan', () => {
  const LINES = 200;
  const LINE_CHARACTERS = 302;

  it('is cut within its lines if its query has long names', () => {
    const plan = planOf({ sql: `SELECT * FROM leases AS "${'🎉n'.repeat(100_000)}"` });
    expect(plan).toHaveLength(1);
    expect(plan?.[0]?.length).toBeLessThan(LINE_CHARACTERS);
    expect(plan?.[0]?.isWellFormed()).toBe(true);
  });

  it('is cut after a fixed number of lines if it has many lines', () => {
    const terms = Array.from({ length: 400 }, (_, n) => `SELECT ${n}`);
    const plan = planOf({ sql: terms.join(' UNION ALL ') });
    expect(plan).toHaveLength(LINES + 1);
    expect(plan?.at(-1)).toBe('…');
  });
});
