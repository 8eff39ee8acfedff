import { expect, it } from 'vitest';
import { textOfTarget, textOfValues } from '../../../src/archive/commands/text-of-values.ts';

it.each([
  [['prod', 'stage'], 'prod, stage'],
  [['prod, stage'], '"prod, stage"'],
  [['say "hi"', 'a b'], '"say \\"hi\\"", a b'],
  [['', ' x', 'y\n'], '"", " x", "y\\n"'],
  [[1, null, { a: 1 }], '1, null, {"a":1}'],
  [[], ''],
])('values are in one line that says how many there are: %j', (values, line) => {
  expect(textOfValues(values)).toBe(line);
});

it('a target is its key with its values; what has another form is JSON', () => {
  expect(textOfTarget({ Key: 'tag:Team', Values: ['a,b', 'c'] })).toBe('tag:Team = "a,b", c');
  expect(textOfTarget({ Key: 'tag:Team' })).toBe('{"Key":"tag:Team"}');
});
