import { describe, expect, it } from 'vitest';
import { sqlTrial } from './sql-trial.ts';

const { fault } = sqlTrial();

describe('the position of a fault', () => {
  it.each([
    ['SELECT a, from x', 'near "from": syntax error', 'from'],
    ['SELECT from_, "from", 1 from (SELECT 1) where from', 'near "from": syntax error', 'from', 3],
    ['SELECT 1,, 2', 'near ",": syntax error', ', 2'],
    ["SELECT 'abc", 'unrecognized token: "\'abc"', "'abc"],
    ['SELECT 1 § 2', 'near "2": syntax error', '2', 0],
    ['SELECT 1 \\ 2', 'unrecognized token: "\\"', '\\'],
    ['SELECT absent FROM leases', 'no such column: absent', 'absent'],
    ['SELECT 1 /* gone */ FROM gone', 'no such table: gone', 'gone', 1],
    ['SELECT l.Absent FROM leases l', 'no such column: l.Absent', 'Absent'],
    ['SELECT * FROM main.absent', 'no such table: main.absent', 'absent'],
    [
      'SELECT "absent" FROM leases',
      'no such column: "absent" - should this be a string literal in single-quotes?',
      '"a',
    ],
    ['SELECT foo(1)', 'no such function: foo', 'foo'],
    ['SELECT abs(1, 2)', 'wrong number of arguments to function abs()', 'abs'],
    ['SELECT 1 FROM leases WHERE count(*) > 1', 'misuse of aggregate function count()', 'count'],
    ['SELECT name FROM leases a, leases b', 'ambiguous column name: name', 'name'],
    ['SELECT name FROM leases ORDER BY name COLLATE absent', 'no such collation sequence: absent', 'absent'],
  ])('%s', (sql, message, found, nth = 0) => {
    let at = sql.indexOf(found);
    for (let n = 0; n < nth; n++) at = sql.indexOf(found, at + 1);
    const { message: said, data } = fault(sql);
    expect([said, data.position?.offset]).toEqual([message, at + 1]);
  });

  it('includes a line and a column, in units of UTF-16', () => {
    expect(fault("SELECT\r\n '🎉', absent").data.position).toEqual({ offset: 16, line: 2, column: 8 });
    expect(fault('SELECT (1 \n\n').data.position).toEqual({ offset: 10, line: 1, column: 10 });
  });

  it('is undefined if SQLite does not name a place', () => {
    expect(fault('SELECT 1 UNION SELECT 1, 2').data.position).toBeUndefined();
    expect(fault('SELECT abs(-9223372036854775808)')).toMatchObject({
      ...{ message: 'integer overflow', data: { kind: 'sql', position: undefined } },
    });
  });
});

describe('a fault of a hostile text', () => {
  it('is found in time that grows no faster than the length of the text', () => {
    const startedAt = performance.now();
    fault(`SELECT "${':'.repeat(500_000)} x"`);
    fault(`SELECT ${'absent + '.repeat(900)} from from`);
    fault(`SELECT 1 ${'+ , '.repeat(100_000)}`);
    fault(`SELECT '${"''".repeat(400_000)}`);
    fault(`${'/**/'.repeat(200_000)} PRAGMA a`);
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });

  it('has a message of limited length, which never ends in half a character', () => {
    const { message } = fault(`SELECT "a${'🎉'.repeat(100_000)}"`);
    expect(message.length).toBeLessThan(1002);
    expect(message.isWellFormed()).toBe(true);
    expect(fault("SELECT json_extract('{}', printf('%.*c', 20000000, 'x'))").message).toMatch(/^bad JSON path: 'x+…$/);
    const names = Array.from({ length: 30_000 }, (_, n) => `:name_${n}`);
    expect(fault(`VALUES ${names.map((name) => `(${name})`).join()}`).message.length).toBeLessThan(1002);
  });
});
