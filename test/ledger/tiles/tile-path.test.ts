import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTilePath, tilePath } from '../../../src/ledger/tiles/tile-path.ts';

describe('the path of a tile', () => {
  /** The examples of https://c2sp.org/tlog-tiles: index 1234067, and a tree of 70,000 leaves. */
  it.each([
    [0, 1_234_067, 256, '0/x001/x234/067'],
    ['entries', 1_234_067, 256, 'entries/x001/x234/067'],
    [0, 273, 112, '0/273.p/112'],
    [0, 272, 256, '0/272'],
    [1, 0, 256, '1/000'],
    [1, 1, 17, '1/001.p/17'],
    [2, 0, 1, '2/000.p/1'],
    ['entries', 1000, 9, 'entries/x001/000.p/9'],
    [63, Number.MAX_SAFE_INTEGER, 255, '63/x009/x007/x199/x254/x740/991.p/255'],
  ] as const)('is made from level %s, index %d and width %d: %s', (level, index, width, path) => {
    expect(tilePath(level, index, width)).toBe(path);
    expect(parseTilePath(path)).toEqual({ level, index, width });
  });

  it('is the same when it is written and read back, for any tile', () => {
    const level = fc.oneof(fc.constant('entries' as const), fc.integer({ min: 0, max: 63 }));
    const index = fc.oneof(fc.integer({ min: 0, max: 2000 }), fc.maxSafeNat());
    fc.assert(
      fc.property(level, index, fc.integer({ min: 1, max: 256 }), (...[l, i, w]) => {
        expect(parseTilePath(tilePath(l, i, w))).toEqual({ level: l, index: i, width: w });
      }),
    );
  });

  it.each([
    ...['', '0', '0/', '0/1', '0/01', '0/0001', '0/000/', '/0/000', '0/000\n', ' 0/000', '0/00a', 'tile/0/000'],
    ...['64/000', '00/000', '01/000', '-1/000', '+1/000', '1e1/000', 'data/000', 'Entries/000', '0/x000/000'],
    ...['0/001/234', '0/x001', '0/x001/x234', '0/x001/x234/x067', '0/X001/234', '0/x01/234', '0/x000/x001/000'],
    ...['0/000.p/0', '0/000.p/256', '0/000.p/01', '0/000.p/', '0/000.p', '0/000.p/1/', '0/000.p/-1', '0/000.p/257'],
    ...['0/x009/x007/x199/x254/x740/992', '0/x001/x000/x000/x000/x000/x000/000', '0/٠٠٠', '0/000.p/1000'],
  ])('can’t be %j', (path) => {
    expect(parseTilePath(path)).toBeUndefined();
  });

  it('is refused for numbers that no tile has', () => {
    for (const [level, index, width] of [
      [64, 0, 256],
      [-1, 0, 256],
      [0.5, 0, 256],
      [0, -1, 256],
      [0, 2 ** 53, 256],
      [0, 0, 0],
      [0, 0, 257],
    ] as const) {
      expect(() => tilePath(level, index, width)).toThrow(RangeError);
    }
  });
});
