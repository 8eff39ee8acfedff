import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonElements, jsonMembers } from '../../../src/lib/json/json-parts.ts';

describe('the parts of JSON', () => {
  it('are returned as they were written, with all digits of numbers', () => {
    const json = ' [ 9007199254740993 ,1.0,"a,]\\"\\\\",[1,[2]], {"b":[3]},null ]';
    expect(jsonElements(json)).toEqual(['9007199254740993', '1.0', '"a,]\\"\\\\"', '[1,[2]]', '{"b":[3]}', 'null']);
    expect(jsonMembers('{"a": [1,2] , "b\\"":{"c":"}"}}')).toEqual(
      new Map([
        ['a', '[1,2]'],
        ['b"', '{"c":"}"}'],
      ]),
    );
    expect([jsonElements('[]'), jsonMembers('{ }')]).toEqual([[], new Map()]);
  });

  it('agree with JSON.parse for any list and any object', () => {
    const parsed = (parts: Iterable<string>) => [...parts].map((part): unknown => JSON.parse(part));
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (list) => {
        for (const json of [JSON.stringify(list), JSON.stringify(list, null, 2)])
          expect(parsed(jsonElements(json))).toEqual(JSON.parse(json));
      }),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
        const json = JSON.stringify(object);
        const members = jsonMembers(json);
        expect([...members.keys()]).toEqual(Object.keys(object));
        expect(parsed(members.values())).toEqual(Object.values(JSON.parse(json)));
      }),
    );
  });
});
