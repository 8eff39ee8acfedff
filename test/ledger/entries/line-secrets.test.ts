import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  isSeed,
  makeSeed,
  packSecrets,
  saltsOf,
  secretOf,
  unpackSecrets,
} from '../../../src/ledger/entries/line-secrets.ts';

const seeds = { old: randomBytes(32), present: makeSeed(randomBytes) };

describe.each(Object.entries(seeds))('the secrets of lines, of an %s seed', (_, seed) => {
  const saltsIn = (secret: Buffer, line: number) =>
    Array.from({ length: 4 }, (_, n) => saltsOf(secret, line)(n).toString('hex'));

  it('the secret of a line gives the salts that the seed gives, and so do the secrets of all lines as one', () => {
    const packed = packSecrets([0, 1, 2].map((line) => (line === 1 ? undefined : secretOf(seed, line, 4))));
    for (const line of [0, 2]) {
      expect(saltsIn(secretOf(seed, line, 4), line)).toEqual(saltsIn(seed, line));
      expect(saltsIn(packed, line)).toEqual(saltsIn(seed, line));
    }
    expect(saltsIn(seed, 0)).not.toEqual(saltsIn(seed, 1));
    expect(new Set(saltsIn(seed, 0)).size).toBe(4);
    expect(() => saltsOf(packed, 1)).toThrow('no secret of its line 1');
    expect(isSeed(packed)).toBe(false);
  });

  it('neither the secret of a line nor those of others have the seed in them', () => {
    const others = packSecrets([0, 1].map((line) => secretOf(seed, line, 4)));
    expect(others.includes(seed.subarray(1))).toBe(false);
    expect(secretOf(secretOf(seed, 1, 4), 1, 4)).toEqual(secretOf(seed, 1, 4));
  });

  it.each(Array.from({ length: 60 }, (_, lines) => lines))(
    'the secrets of %i lines are never taken for something else',
    (lines) => {
      const secrets = Array.from({ length: lines }, (_, line) =>
        line % 3 === 0 ? undefined : secretOf(seed, line, 3),
      );
      const packed = packSecrets(secrets);
      expect(isSeed(packed)).toBe(false);
      expect(unpackSecrets(packed).slice(0, lines)).toEqual(secrets);
      for (const [line, secret] of secrets.entries())
        if (secret) expect(saltsOf(packed, line)(2)).toEqual(saltsOf(seed, line)(2));
    },
  );
});
