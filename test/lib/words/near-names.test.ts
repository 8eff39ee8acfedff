import { describe, expect, it } from 'vitest';
import { nearNames, proposalOf } from '../../../src/lib/words/near-names.ts';

const STATUSES = ['Failed', 'Pending', 'Success', 'DeliveryTimedOut', 'ExecutionTimedOut', 'TimedOut'];

describe('nearNames', () => {
  it.each([
    ['faild', ['Failed']],
    ['Delivery Timed Out', ['DeliveryTimedOut']],
    ['delivery', ['DeliveryTimedOut']],
    ['Succes', ['Success']],
    ['Scucess', ['Success']],
    ['Pendnig', ['Pending']],
    ['i-0123', []],
    ['', []],
    ['x', []],
  ])('finds that the names similar to %j are %j', (given, near) => {
    expect(nearNames(given, STATUSES)).toEqual(near);
  });

  it('returns the name that differs only in case before those that differ in letters', () => {
    expect(nearNames('web-1', ['web-2', 'WEB-1', 'web-11'])).toEqual(['WEB-1', 'web-11', 'web-2']);
  });

  it.each([
    ['a', ['b', 'A', 'ab'], ['A']],
    ['n', ['id', 'x', 'N'], ['N']],
    ['ab', ['ac', 'ba', 'AB', 'abc', 'b'], ['AB', 'abc']],
    ['abc', ['abd', 'xyz'], ['abd']],
  ])('compares %j letter by letter only with names of three letters or more', (given, names, near) => {
    expect(nearNames(given, names)).toEqual(near);
  });

  it('returns at most the requested number of names, and none twice', () => {
    expect(nearNames('ab', ['abc', 'abd', 'abe', 'abc'], 2)).toEqual(['abc', 'abd']);
  });
});

describe('proposalOf', () => {
  it.each([
    [[], ''],
    [['Failed'], ' Did you mean "Failed"?'],
    [['a', 'b', 'c'], ' Did you mean "a", "b" or "c"?'],
  ])('turns %j into the sentence %j', (near, sentence) => {
    expect(proposalOf(near)).toBe(sentence);
  });
});
