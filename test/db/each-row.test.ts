import { describe, expect, it } from 'vitest';
import { prepareEachRow } from '../../src/db/each-row.ts';
import { tempArchive } from './temp-archive.ts';

const NUMBERS = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1000) SELECT i FROM n';

function rowsOf(sql: string, columns: number, params: unknown[] = [], isExact = false) {
  const { sqlite } = tempArchive();
  const rows: unknown[][] = [];
  prepareEachRow(sqlite, { sql, columns, isExact })(params, (row) => rows.push(row));
  return rows;
}

describe('each row of a query', () => {
  it.each([
    `${NUMBERS} ORDER BY i DESC`,
    `${NUMBERS} ORDER BY i % 7, -i`,
    `SELECT i FROM (${NUMBERS}) ORDER BY abs(i - 500), i LIMIT 50 OFFSET 3`,
    `SELECT max(i) FROM (${NUMBERS}) GROUP BY i / 10 ORDER BY 1 DESC`,
    'VALUES (3), (1), (2)',
    'SELECT name FROM sqlite_schema ORDER BY name DESC -- the end',
  ])('comes in the order in which the query returns it: %s', (sql) => {
    const { sqlite } = tempArchive();
    expect(rowsOf(sql, 1)).toEqual(sqlite.prepare(sql).raw().all());
  });

  it('has each value as it is, with exact integers if the caller wants them', () => {
    const sql = "SELECT :text, NULL, 1.5, 7, x'00ff'";
    expect(rowsOf(sql, 5, [{ text: 'é\0🎉' }])).toEqual([['é\0🎉', null, 1.5, 7, Buffer.from([0, 255])]]);
    expect(rowsOf('SELECT 9007199254740993', 1, [], true)).toEqual([[9007199254740993n]]);
  });

  it('may have several columns with the same name', () => {
    expect(rowsOf('SELECT 1 AS a, 2 AS a', 2)).toEqual([[1, 2]]);
  });

  it('stops the query if the listener throws, and the query can run again', () => {
    const { sqlite } = tempArchive();
    const run = prepareEachRow(sqlite, { sql: NUMBERS, columns: 1 });
    expect(() =>
      run([], () => {
        throw new Error('the client went away');
      }),
    ).toThrow('the client went away');
    let rows = 0;
    run([], () => {
      rows += 1;
    });
    expect(rows).toBe(1000);
  });

  it('can’t be reached by a user’s SQL: the function does not exist there', () => {
    const { sqlite } = tempArchive();
    prepareEachRow(sqlite, { sql: NUMBERS, columns: 1 });
    expect(() => sqlite.prepare('SELECT ssm_archive_row(1)').get()).toThrow('no such function');
  });
});
