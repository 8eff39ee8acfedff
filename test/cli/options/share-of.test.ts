import { expect, test } from 'vitest';
import { shareOf } from '../../../src/cli/options/share-of.ts';

test('a share is a number from 0 to 1, and anything else is refused by the name of its option', () => {
  expect([shareOf('--bucket-share', '0'), shareOf('--bucket-share', '0.25'), shareOf('--bucket-share', '1')]).toEqual([
    0, 0.25, 1,
  ]);
  for (const text of ['', ' ', '1.1', '-0.1', 'all', 'NaN']) {
    expect(() => shareOf('--bucket-share', text)).toThrow(
      `--bucket-share must be a number from 0 to 1, not "${text}".`,
    );
  }
});
