import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TileUnfit } from '../../../src/ledger/tiles/tiles.ts';
import { appendLeaves } from '../../../src/ledger/tree/append-leaves.ts';
import { hashChildren } from '../../../src/ledger/tree/hash-children.ts';
import { hashLeaf } from '../../../src/ledger/tree/hash-leaf.ts';
import { treeRoot } from '../../../src/ledger/tree/tree-root.ts';
import { LEAF_DATA, LEAF_HASHES, ROOTS } from '../rfc6962-vectors.ts';
import { createTiles, leavesOf, mth } from '../tiles-in-memory.ts';

const LEAVES = leavesOf(66_000);

describe('a leaf', () => {
  it("has the hashes of Certificate Transparency's tests", () => {
    expect(LEAF_DATA.map((data) => hashLeaf(data).toString('hex'))).toEqual(LEAF_HASHES);
  });

  it('has the same hash as a text and as the UTF-8 bytes of this text', () => {
    for (const text of ['', 'plain', 'ü', '漢字 🙂', 'a'.repeat(70_000)]) {
      expect(hashLeaf(text)).toEqual(hashLeaf(Buffer.from(text)));
    }
  });

  it('never has the hash of a node, because its prefix differs', () => {
    const [left, right] = leavesOf(2) as [Buffer, Buffer];
    expect(hashChildren(left, right)).not.toEqual(hashLeaf(Buffer.concat([left, right])));
    expect(() => hashChildren(left, right.subarray(1))).toThrow(RangeError);
  });
});

describe('a tree of appended leaves', () => {
  it("has the roots of Certificate Transparency's tests at every size, including earlier sizes", () => {
    const tiles = createTiles();
    let size = 0;
    for (const data of LEAF_DATA) size = appendLeaves(tiles, size, [hashLeaf(data)]);
    expect(size).toBe(8);
    expect(ROOTS.map((_, n) => treeRoot(tiles.read, n).toString('hex'))).toEqual(ROOTS);
  });

  it('has the same root and tiles for any division of its leaves into appends', () => {
    const whole = createTiles();
    appendLeaves(whole, 0, LEAVES.slice(0, 1500));
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 12 }), (pages) => {
        const tiles = createTiles();
        let size = 0;
        for (const page of [...pages, 1500]) {
          size = appendLeaves(tiles, size, LEAVES.slice(size, Math.min(size + page, 1500)));
        }
        expect(tiles.stored).toEqual(whole.stored);
      }),
      { numRuns: 20 },
    );
  });

  it('has the root of RFC 6962 at its size and at earlier sizes, even where tiles and levels begin and end', () => {
    const tiles = createTiles();
    let size = 0;
    while (size < LEAVES.length) size = appendLeaves(tiles, size, LEAVES.slice(size, size + 500));
    for (const n of [1, 2, 3, 254, 255, 256, 257, 511, 512, 513, 1000, 65_535, 65_536, 65_537, 66_000]) {
      expect(treeRoot(tiles.read, n), `of ${n}`).toEqual(mth(LEAVES.slice(0, n)));
    }
    expect([...tiles.stored.keys()].filter((key) => !key.startsWith('0/'))).toEqual(['1/0', '1/1', '2/0']);
  });

  it('reads and writes a tile at most once per call, and reads one tile per level for a root', () => {
    const tiles = createTiles();
    let size = 0;
    while (size < LEAVES.length) {
      tiles.calls.length = 0;
      size = appendLeaves(tiles, size, LEAVES.slice(size, size + 500));
      expect(new Set(tiles.calls).size).toBe(tiles.calls.length);
    }
    tiles.calls.length = 0;
    treeRoot(tiles.read, 65_999);
    expect(tiles.calls).toHaveLength(3);
  });

  it('does not change if no leaves are appended', () => {
    const tiles = createTiles();
    expect(appendLeaves(tiles, 7, [])).toBe(7);
    expect(tiles.calls).toEqual([]);
  });

  it('never overwrites hashes beyond the given size, and does not grow if a tile is missing', () => {
    const tiles = createTiles();
    appendLeaves(tiles, 0, LEAVES.slice(0, 300));
    for (const size of [299, 301, 20]) expect(() => appendLeaves(tiles, size, LEAVES.slice(0, 1))).toThrow(TileUnfit);
    expect(() => treeRoot(tiles.read, 301)).toThrow('Tile 1 of level 0 has 44 hashes, where there must be 45');
    tiles.stored.delete('1/0');
    expect(() => treeRoot(tiles.read, 300)).toThrow(TileUnfit);
    expect(() => appendLeaves(tiles, 300, [Buffer.alloc(31)])).toThrow(RangeError);
    for (const size of [-1, 0.5, Number.NaN, 2 ** 53]) {
      expect(() => treeRoot(tiles.read, size)).toThrow(RangeError);
      expect(() => appendLeaves(tiles, size, LEAVES.slice(0, 1))).toThrow(RangeError);
    }
  });
});
