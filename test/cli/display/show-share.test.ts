import { expect, it } from 'vitest';
import { createShareDisplay } from '../../../src/cli/display/show-share.ts';

it('the time that is left is estimated from the rate since the first part was done, and not before five seconds of it', () => {
  const lines: string[] = [];
  let ms = 0;
  const terminal = { isInteractive: false, draw() {}, note: (line: string) => lines.push(line), noteWidth: 80 };
  const show = createShareDisplay(terminal, { doing: 'Verifying', what: 'leaves', clock: () => ms });
  // A check of the whole file takes ten minutes before the first leaf.
  for (const [at, done] of [
    [600, 0],
    [610, 1000],
    [611, 1100],
    [621, 12_000],
    [660, 51_000],
  ] as const) {
    ms = at * 1000;
    show(done, 101_000);
  }
  expect(lines).toEqual([
    'Verifying: 0 %, 0 of 101,000 leaves',
    'Verifying: 0 %, 1,000 of 101,000 leaves',
    'Verifying: 11 %, 12,000 of 101,000 leaves, about 1m 29s left',
    'Verifying: 50 %, 51,000 of 101,000 leaves, about 50s left',
  ]);
});
