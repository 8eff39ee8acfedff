import { describe, expect, it } from 'vitest';
import { judgeTrial } from '../../../src/cli/portable/judge-trial.ts';

const KNOWN = { inLake: { needs: 'SQLite’s dates', refusal: 'near "date"' } } as const;

describe('a report of which it is known why the lake refuses it', () => {
  it('is refused for that reason, in words for a person', () => {
    expect(judgeTrial(KNOWN, 'the lake refuses it: syntax error near "date"')).toBe('it needs SQLite’s dates');
  });

  it.each(['the lake refuses it: no such table: plugins.', 'the archive refuses it: near "date"', 'row 1 has in a 2'])(
    'is named together with any other reason: %s',
    (why) => {
      expect(judgeTrial(KNOWN, why)).toBe(`it is known to need SQLite’s dates, but here ${why}`);
    },
  );

  it('is portable if both engines gave the same answer', () => {
    expect(judgeTrial(KNOWN, undefined)).toBeUndefined();
  });
});

it('A report of which nothing is known, or that is known as portable, keeps the reason of the trial', () => {
  for (const report of [{}, { inLake: 'same' } as const]) {
    expect(judgeTrial(report, 'the lake refuses it: x')).toBe('the lake refuses it: x');
    expect(judgeTrial(report, undefined)).toBeUndefined();
  }
});
