import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvOf, jsonOf } from '../../../src/questions/sql/encode-value.ts';

describe('a value as JSON', () => {
  it.each([
    ['null', null],
    ['"a\\"\\n\\u0000é🎉"', 'a"\n\u0000é🎉'],
    ['"\\ud83c"', '\uD83C'],
    ['9223372036854775807', 9_223_372_036_854_775_807n],
    ['-9223372036854775808', -9_223_372_036_854_775_808n],
    ['0', 0n],
    ['1.0', 1],
    ['0.0', -0],
    ['0.1', 0.1],
    ['100000000000000000000.0', 1e20],
    ['1e+21', 1e21],
    ['5e-324', 5e-324],
    ['9e999', Number.POSITIVE_INFINITY],
    ['-9e999', Number.NEGATIVE_INFINITY],
    ['"00ff10"', Buffer.from([0, 255, 16])],
    ['""', new Uint8Array()],
  ])('%s', (json, value) => {
    expect(jsonOf(value)).toBe(json);
  });

  it('is read back unchanged by every parser of JSON', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.double({ noNaN: true }), fc.constant(null)), (value) => {
        expect(JSON.parse(jsonOf(value))).toBe(Object.is(value, -0) ? 0 : value);
      }),
    );
    fc.assert(fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (n) => BigInt(jsonOf(n)) === n));
  });

  it('contains only its own bytes if it is a view into a larger buffer', () => {
    expect(jsonOf(Buffer.from([1, 2, 3, 4]).subarray(1, 3))).toBe('"0203"');
  });
});

describe('a value as a cell of CSV', () => {
  it('distinguishes NULL from an empty text, and has numbers and bytes in the same form as in JSON', () => {
    expect([null, '', 1n, 1, Buffer.from([171])].map((value) => csvOf(value, 'safe'))).toEqual([
      '',
      '""',
      '1',
      '1.0',
      'ab',
    ]);
  });

  it('is never run by a spreadsheet, unless the raw form is requested', () => {
    expect([csvOf('=1+1', 'safe'), csvOf('=1+1', 'raw')]).toEqual(['"\'=1+1"', '=1+1']);
    expect(csvOf(-5n, 'safe')).toBe('-5');
  });
});
