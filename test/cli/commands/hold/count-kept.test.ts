import { describe, expect, it } from 'vitest';
import { whyNotRead } from '../../../../src/cli/commands/hold/count-kept.ts';

const LAKE = { lake: {} };
const days = (count: number, invocations: number) =>
  Array.from({ length: count }, (_, n) => ({ day: `2026-03-${String(n + 1).padStart(2, '0')}`, invocations }));

describe('the days that are read to count what a hold keeps', () => {
  it('are a month at most, and of large days only as many as can be read in time unless a key narrows them', () => {
    expect(whyNotRead(days(31, 1000), LAKE, {})).toBeUndefined();
    expect(whyNotRead(days(31, 1_000_000), LAKE, { instanceId: 'i-1' })).toBeUndefined();
    expect(whyNotRead(days(31, 1_000_000), LAKE, { commandId: 'c' })).toBeUndefined();
    for (const [asked, hold] of [
      [days(31, 1_000_000), { accountId: '111122223333' }],
      [days(31, 1_000_000), undefined],
      [days(32, 1), { instanceId: 'i-1' }],
    ] as const)
      expect(whyNotRead(asked, LAKE, hold)).toBe(
        'At most 31 days of the lake, with 200,000 invocations unless a node or command is named, are read for a count.',
      );
  });

  it('are none without a lake', () => {
    expect(whyNotRead(days(1, 1), { lake: undefined }, {})).toBe('No lake is configured.');
  });
});
