import { describe, expect, it } from 'vitest';
import { RESERVED_PARAMETER_NAMES } from '../../../src/questions/reports/report.ts';
import { reportForm } from '../../../src/questions/reports/report-form.ts';

const parameter = (name: string) => ({ name, type: 'text', description: 'A sentence.' });
const sound = { name: 'a-report', description: 'A sentence.', sql: 'SELECT 1' };

function faultsOf(report: object): string[] {
  const { error } = reportForm.safeParse(report);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('a report', () => {
  it('needs a name, a description and SQL, and may have no parameters', () => {
    expect(reportForm.parse(sound)).toEqual({ ...sound, parameters: [] });
    expect(faultsOf({})).toEqual([
      'name: is needed: a name for the report',
      'description: is needed: a sentence',
      'sql: is needed: one SELECT',
    ]);
  });

  it('must have exactly the parameters that its SQL has outside of texts, quoted names and comments', () => {
    const sql = `-- :no
      SELECT ':no', ":no", [:no], \`:no\`, x'' /* :no */, :a, :b, :a;`;
    expect(faultsOf({ ...sound, sql, parameters: [parameter('a'), parameter('b')] })).toEqual([]);
    expect(faultsOf({ ...sound, sql, parameters: [parameter('b'), parameter('no')] })).toEqual([
      'sql: names :a, which is not one of the parameters',
      'parameters.1.name: the SQL does not contain :no',
    ]);
  });

  it.each([
    ['SELECT ?', 'must have parameters of the form :name, not ?'],
    ['SELECT ?1', 'must have parameters of the form :name, not ?1'],
    ['SELECT @a', 'must have parameters of the form :name, not @a'],
    ['SELECT $a', 'must have parameters of the form :name, not $a'],
    ['SELECT :A', 'names :A, which is not one of the parameters'],
    ["SELECT 'a", `can't be read by SQLite from "'a" on`],
    ['SELECT 1\0', `can't be read by SQLite from "\\u0000" on`],
    ['SELECT 1; SELECT 2', 'must be one statement'],
    ['DELETE FROM invocations', 'must begin with one of SELECT, WITH, VALUES, EXPLAIN'],
    [' -- nothing', 'must begin with one of SELECT, WITH, VALUES, EXPLAIN'],
  ])('with the SQL %j has the fault: %s', (sql, fault) => {
    expect(faultsOf({ ...sound, sql })).toEqual([`sql: ${fault}`]);
  });

  it.each(['/* c */ select 1 ;; -- end', 'WITH a AS (SELECT 1) SELECT * FROM a', 'values (1)', 'EXPLAIN SELECT 1'])(
    'may have the SQL %j',
    (sql) => expect(faultsOf({ ...sound, sql })).toEqual([]),
  );

  it.each(['', 'A', '1a', 'a_b', '-a', 'a'.repeat(64), 'a b', '../a'])('can’t have the name %j', (name) => {
    expect(faultsOf({ ...sound, name })).toEqual([expect.stringMatching(/^name: must be at most 63 lower-case/)]);
  });

  it('has each parameter once, with a known type and a name that is not reserved', () => {
    const twice = { ...sound, sql: 'SELECT :a', parameters: [parameter('a'), parameter('a')] };
    expect(faultsOf(twice)).toEqual(['parameters.1.name: "a" is already the name of an earlier parameter']);
    for (const name of RESERVED_PARAMETER_NAMES) {
      const [fault] = faultsOf({ ...sound, sql: `SELECT :${name}`, parameters: [parameter(name)] });
      expect(fault).toMatch(/^parameters\.0\.name: (is reserved for every report|must be at most 63 lower-case)/);
    }
    const wrong = { ...parameter('a'), type: 'number', more: 1 };
    expect(faultsOf({ ...sound, sql: 'SELECT :a', parameters: [wrong] })).toEqual([
      'parameters.0.type: must be text, integer, real, date, time or zone, not "number"',
      'parameters.0: is not known here',
    ]);
  });

  it('has defaults that fit their parameter’s type', () => {
    const sql = 'SELECT :a';
    const fits = { ...parameter('a'), type: 'time', default: '-30d' };
    expect(reportForm.parse({ ...sound, sql, parameters: [fits] }).parameters).toEqual([fits]);
    expect(faultsOf({ ...sound, sql, parameters: [{ ...fits, default: 'soon' }] })).toEqual([
      expect.stringMatching(/^parameters\.0\.default: must be a date .*, not "soon"$/),
    ]);
  });
});
