import { expect, test } from 'vitest';
import { splitEvents } from '../../../src/simulator/logs/split-events.ts';

const messages = (text: string, ranMs: number) =>
  splitEvents(Buffer.from(text), 10_000, 10_000 + ranMs).map(({ message }) => message);

test('a short run is sent in one event, without the last line break', () => {
  expect(messages('a\r\nb\n\n', 100)).toEqual(['a\nb\n']);
  expect(messages('no line break', 100)).toEqual(['no line break']);
  expect(messages('\n', 100)).toEqual([]);
  expect(messages('', 100)).toEqual([]);
});

test('a run of seconds is sent in parts, and only the last part loses its line break', () => {
  expect(messages('a\nb\nc\n', 5000)).toEqual(['a\nb\n', 'c']);
});

test('four events are sent a second, and the last ones at the end of the step', () => {
  const events = splitEvents(Buffer.from(`${'x'.repeat(199_999)}\n`.repeat(9)), 0, 9000);
  expect(events.map(({ timestamp }) => timestamp)).toEqual(
    [6000, 6000, 6000, 6000, 7000, 8000, 8000, 8000, 8000].map((at) => at + 1000),
  );
});
