import { describe, expect, it } from 'vitest';
import type { SqlParams } from '../../../src/questions/sql/sql-values.ts';
import { sqlTrial } from './sql-trial.ts';

const usual = sqlTrial();
const immutable = sqlTrial(true);

const ANSWERED: [sql: string, params?: SqlParams][] = [
  ["SELECT 1, 1.5, 'text', x'00ff', NULL, 9007199254740993, -0.0, 1e300"],
  ['SELECT 1 AS a, 2 AS a, 3 AS b'],
  ['SELECT ?, ?3, ?, ?1', ['a', 'b', 'c', 'd']],
  ['SELECT ?2, ?1', ['a', 2]],
  ['SELECT :a, @b, $c', { a: 1, b: 'x', c: null }],
  ["SELECT '?1', /* ?2 */ ?1 -- ?3", ['a']],
  ['WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1000) SELECT i, i / 3.0 FROM n'],
  ['EXPLAIN QUERY PLAN SELECT * FROM invocations WHERE id = 1'],
  ["SELECT name, type FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%' ORDER BY name"],
  ["SELECT * FROM pragma_table_info('invocations')"],
  ['SELECT count(*), max(requested_at), group_concat(status) FROM invocations'],
  ["SELECT rowid FROM outputs_fts WHERE outputs_fts MATCH 'space'"],
  ["SELECT json_extract('{\"a\": [1, 2]}', '$.a[1]'), sqrt(2), upper('ß')"],
  [`SELECT ${Array.from({ length: 150 }, (_, n) => n).join(', ')}`],
  ['SELECT 1 WHERE 0'],
];

const REFUSED = [
  'SELECT absent FROM leases',
  'SELECT a, from x',
  'SELECT 1; SELECT 2',
  'DELETE FROM leases',
  'WITH a AS (SELECT 1) DELETE FROM leases RETURNING 1',
  'EXPLAIN WITH a AS (SELECT 1) DELETE FROM leases',
  'EXPLAIN QUERY PLAN WITH a AS (SELECT 1) DELETE FROM leases RETURNING 1',
  'SELECT abs(-9223372036854775808)',
  'SELECT foo(1)',
  'SELECT "absent" FROM leases',
  'SELECT * FROM pragma_database_list',
  '',
  '-- nothing',
];

describe('an archive in WAL mode without a -wal, which Node’s own SQLite reads,', () => {
  it.each(ANSWERED)('returns the same as through the driver: %s', (sql, params) => {
    expect(immutable.sqlite.pragma('journal_mode', { simple: true })).toBe('delete');
    expect(immutable.rows(sql, params)).toEqual(usual.rows(sql, params));
  });

  it.each(REFUSED)('refuses the same as through the driver, at the same place: %s', (sql) => {
    const { message, data } = immutable.fault(sql);
    const { message: expected, data: place } = usual.fault(sql);
    expect([message, data]).toEqual([expected, place]);
  });

  it('cannot be written to through any member of the connection', () => {
    expect(() => immutable.sqlite.exec('DELETE FROM leases')).toThrow(/readonly/);
    expect(() => immutable.sqlite.prepare('DELETE FROM leases').run()).toThrow(/readonly/);
    expect(() => immutable.sqlite.loadExtension('x')).toThrow(/has no loadExtension/);
  });
});
