import { describe, expect, it } from 'vitest';
import { sqlTrial } from './sql-trial.ts';

const { rows, fault } = sqlTrial();

describe('values by place', () => {
  it('are taken in the order of SQLite: a bare ? has a number one higher than the largest before it', () => {
    expect(rows('SELECT ?, ?', ['a', 'b'])).toEqual([['a', 'b']]);
    expect(rows('SELECT ?2, ?1', ['a', 'b'])).toEqual([['b', 'a']]);
    expect(rows('SELECT ?, ?3, ?, ?1', ['a', 'b', 'c', 'd'])).toEqual([['a', 'c', 'd', 'a']]);
    expect(rows('SELECT ?1, ?1', ['a'])).toEqual([['a', 'a']]);
  });

  it('must be as many as the SQL has parameters', () => {
    expect(fault('SELECT ?', []).message).toBe('The SQL has 1 parameter, and params 0 values.');
    expect(fault('SELECT ?, ?2', ['a']).message).toBe('The SQL has 2 parameters, and params 1 value.');
    expect(fault('SELECT ?', ['a', 'b']).message).toBe('The SQL has 1 parameter, and params 2 values.');
    expect(fault('SELECT 1', ['a']).message).toBe('The SQL has 0 parameters, and params 1 value.');
    expect(fault('SELECT ?').data.kind).toBe('params');
  });

  it('cannot be mixed with names, and must be a list', () => {
    expect(fault('SELECT ?, :a', ['a', 'b']).message).toContain('both by place and by name');
    expect(fault('SELECT ?', { a: 1 }).message).toContain('params must be a list');
  });

  it('are accepted up to the number of parameters that SQLite allows', () => {
    const places = Array.from({ length: 32_766 }, (_, n) => n);
    expect(rows(`SELECT max(column1) FROM (VALUES ${places.map(() => '(?)').join()})`, places)).toEqual([[32_765n]]);
    expect(fault('SELECT ?32767', []).message).toContain('between ?1 and ?32766');
    expect(fault('SELECT ?9999999999999999999999', []).message).toContain('between ?1 and ?32766');
  });
});

describe('values by name', () => {
  it.each([':a', '@a', '$a', '#a'])('are found with and without the first character of %s', (name) => {
    expect(rows(`SELECT ${name}, ${name}`, { a: 'x' })).toEqual([['x', 'x']]);
    expect(rows(`SELECT ${name}`, { [name]: 'x' })).toEqual([['x']]);
  });

  it('must include each parameter of the SQL, and no other name', () => {
    expect(fault('SELECT :a, :b', { a: 1 }).message).toBe('The parameter :b has no value.');
    expect(fault('SELECT :a', { a: 1, c: 2 }).message).toBe('The SQL has no parameter "c"; it has :a.');
    expect(fault('SELECT 1', { c: 2 }).message).toBe('The SQL has no parameter "c".');
    expect(fault('SELECT :a', ['x']).message).toBe('The parameters are by name: params must have :a.');
    expect(fault('SELECT :a').message).toBe('The parameters are by name: params must have :a.');
  });

  it('may have names that have a meaning in JavaScript', () => {
    expect(rows('SELECT :__proto__, :constructor', JSON.parse('{"__proto__":"a","constructor":"b"}'))).toEqual([
      ['a', 'b'],
    ]);
    expect(fault('SELECT :toString', {}).message).toBe('The parameter :toString has no value.');
  });

  it('are not bound in a string, a comment or a quoted name', () => {
    expect(rows(`SELECT ':a' /* :b */ AS "?1" -- :c`)).toEqual([[':a']]);
  });
});

describe('a value', () => {
  it('has the type in SQLite that it has in JSON: whole numbers are integers', () => {
    const values = [1, -0, 1.5, true, false, null, 'é🎉\0x', 2 ** 53, Number.MAX_SAFE_INTEGER, ''];
    const types = 'integer integer real integer integer null text real integer text';
    expect(rows(`SELECT ${values.map(() => 'typeof(?)').join(` || ' ' || `)}`, values)).toEqual([[types]]);
    expect(rows('SELECT ?, ?', ['é🎉', 9_007_199_254_740_991])).toEqual([['é🎉', 9_007_199_254_740_991n]]);
  });
});
