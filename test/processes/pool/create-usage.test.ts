import { describe, expect, it } from 'vitest';
import { createUsage } from '../../../src/processes/pool/create-usage.ts';

describe('the usage of a caller', () => {
  it('is the sum of the charges to the caller, and halves every ten seconds', () => {
    let now = 0;
    const usage = createUsage(() => now);
    usage.charge('a', 600);
    usage.charge('a', 200);
    expect([usage.of('a'), usage.of('b')]).toEqual([800, 0]);
    now += 10_000;
    expect(usage.of('a')).toBeCloseTo(400);
    usage.charge('a', 100);
    now += 20_000;
    expect(usage.of('a')).toBeCloseTo(125);
  });

  it('is forgotten once it is almost zero, if there are many callers', () => {
    let now = 0;
    const usage = createUsage(() => now);
    usage.charge('early', 100);
    now += 200_000;
    usage.charge('late', 1000);
    for (let n = 0; n < 2000; n++) usage.charge(`c${n}`, 500);
    expect([usage.of('late'), usage.of('c0'), usage.of('c1999')]).toEqual([1000, 500, 500]);
    expect(usage.of('early')).toBe(0);
  });
});
