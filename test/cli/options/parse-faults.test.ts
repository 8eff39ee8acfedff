import { expect, test } from 'vitest';
import { parseFaults } from '../../../src/cli/options/parse-faults.ts';

test('each fault is read as what it is, and one with the name of an operation belongs to it alone', () => {
  const pairs = ['throttleRate=0.5', 'unmodelledMembers=true', 'deniedStores=a,b', 'GetObject.halfRate=1'];
  expect(parseFaults([...pairs, 'GetObject.throttleRate=0'])).toEqual({
    throttleRate: 0.5,
    unmodelledMembers: true,
    deniedStores: ['a', 'b'],
    byOperation: { GetObject: { halfRate: 1, throttleRate: 0 } },
  });
});

test('a fault that does not exist, or has no number, is refused with the near name', () => {
  expect(() => parseFaults(['throtleRate=1'])).toThrow('throttleRate');
  expect(() => parseFaults(['GetObject.throtleRate=1'])).toThrow('throttleRate');
  expect(() => parseFaults(['GetObject.halfRate=x'])).toThrow('--fault GetObject.halfRate needs a number, not "x".');
  expect(() => parseFaults(['byOperation=1'])).toThrow('There is no fault "byOperation".');
  expect(() => parseFaults(['errorRate='])).toThrow('--fault errorRate needs a number, not "".');
});
