import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TileUnfit } from '../../src/ledger/tiles/tiles.ts';
import { appendLeaves } from '../../src/ledger/tree/append-leaves.ts';
import { BadProof } from '../../src/ledger/tree/bad-proof.ts';
import { createProver, NotInTree } from '../../src/ledger/tree/create-prover.ts';
import { rootOfInclusion } from '../../src/ledger/tree/root-of-inclusion.ts';
import { treeRoot } from '../../src/ledger/tree/tree-root.ts';
import { verifyConsistency } from '../../src/ledger/tree/verify-consistency.ts';
import { createTiles, leavesOf, mth, path, subproof } from './tiles-in-memory.ts';

const COUNT = 66_000;
const LEAVES = leavesOf(COUNT);
const TILES = createTiles();
for (let size = 0; size < COUNT; ) size = appendLeaves(TILES, size, LEAVES.slice(size, size + 500));

/** Sizes at which tiles and levels begin and end, and random sizes. */
const EDGES = [1, 2, 3, 8, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, COUNT];
const anySize = fc.oneof(
  fc.constantFrom(...EDGES),
  fc.integer({ min: 1, max: 600 }),
  fc.integer({ min: 1, max: COUNT }),
);

function rootOf(size: number): Buffer {
  return treeRoot(TILES.read, size);
}

function leafAt(leaf: number): Buffer {
  return LEAVES[leaf] ?? Buffer.alloc(32);
}

function includes(leafHash: Uint8Array, leaf: number, size: number, root: Uint8Array, proof: readonly Uint8Array[]) {
  try {
    return rootOfInclusion(leafHash, leaf, size, proof).equals(root);
  } catch (error) {
    if (error instanceof BadProof) return false;
    throw error;
  }
}

/** Changes a proof: flips a bit, or drops, doubles, adds, cuts or moves a hash. */
function mutated(proof: readonly Buffer[], kind: number, at: number, bit: number): Buffer[] {
  const hashes = proof.map((hash) => Buffer.from(hash));
  const i = hashes.length === 0 ? 0 : at % hashes.length;
  const hash = hashes[i];
  if (!hash || kind === 0) return [...hashes, Buffer.alloc(32, bit)];
  if (kind === 1) hash[bit % 32] = (hash[bit % 32] ?? 0) ^ (1 << (bit % 8));
  else if (kind === 2) hashes.splice(i, 1);
  else if (kind === 3) hashes.splice(i, 0, hash);
  else if (kind === 4) hashes[i] = hash.subarray(0, 31);
  else hashes.unshift(Buffer.alloc(32, bit));
  return hashes;
}
const mutation = fc.tuple(
  fc.integer({ min: 0, max: 5 }),
  fc.integer({ min: 0, max: 40 }),
  fc.integer({ min: 0, max: 255 }),
);

describe('an inclusion proof', () => {
  it('is the path that RFC 6962 defines, and leads to the root', () => {
    fc.assert(
      fc.property(
        anySize.chain((size) => fc.tuple(fc.constant(size), fc.integer({ min: 0, max: size - 1 }))),
        ([size, leaf]) => {
          const proof = createProver(TILES.read, size).inclusion(leaf);
          expect(proof).toEqual(path(leaf, LEAVES.slice(0, size)));
          expect(rootOfInclusion(leafAt(leaf), leaf, size, proof)).toEqual(rootOf(size));
        },
      ),
      { numRuns: 20 },
    );
  });

  it('verifies for every leaf of every small tree, and at both ends of large trees', () => {
    for (let size = 1; size <= 40; size++) {
      const prover = createProver(TILES.read, size);
      for (let leaf = 0; leaf < size; leaf++) {
        const proof = prover.inclusion(leaf);
        expect(proof).toEqual(path(leaf, LEAVES.slice(0, size)));
        expect(rootOfInclusion(leafAt(leaf), leaf, size, proof)).toEqual(prover.root());
      }
    }
    for (const size of EDGES) {
      const prover = createProver(TILES.read, size);
      const root = mth(LEAVES.slice(0, size));
      for (const leaf of [0, 255, 256, 65_535, 65_536, size - 1].filter((at) => at < size)) {
        expect(rootOfInclusion(leafAt(leaf), leaf, size, prover.inclusion(leaf))).toEqual(root);
      }
    }
  });

  it('never leads to the root if it was changed, or is used for another leaf, place or size', () => {
    fc.assert(
      fc.property(
        anySize.chain((size) => fc.tuple(fc.constant(size), fc.integer({ min: 0, max: size - 1 }))),
        mutation,
        ([size, leaf], change) => {
          const proof = createProver(TILES.read, size).inclusion(leaf);
          const root = rootOf(size);
          const hash = leafAt(leaf);
          expect(includes(hash, leaf, size, root, proof)).toBe(true);
          expect(includes(hash, leaf, size, root, mutated(proof, ...change))).toBe(false);
          expect(includes(leafAt(leaf + 1), leaf, size, root, proof)).toBe(false);
          for (const other of [leaf - 1, leaf + 1, leaf ^ 1, size, -1, 0.5]) {
            if (other !== leaf) expect(includes(hash, other, size, root, proof)).toBe(false);
          }
          expect(includes(hash, leaf, size * 2, root, proof)).toBe(false);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('reads one tile per level for one leaf, and no tile twice for many leaves', () => {
    TILES.calls.length = 0;
    createProver(TILES.read, 65_999).inclusion(30_000);
    // The leaf's own tile and the tile at the right edge, on each of three levels. The top level has only one tile.
    expect(TILES.calls.length).toBeLessThanOrEqual(5);
    TILES.calls.length = 0;
    const prover = createProver(TILES.read, 65_999);
    for (let leaf = 30_000; leaf < 31_000; leaf++) prover.inclusion(leaf);
    expect(new Set(TILES.calls).size).toBe(TILES.calls.length);
  });

  it('is refused for a leaf that is not in the tree, and if tiles are missing', () => {
    for (const [leaf, size] of [
      [5, 5],
      [-1, 5],
      [0, 0],
      [0.5, 5],
      [0, -1],
    ] as const) {
      expect(() => createProver(TILES.read, size).inclusion(leaf)).toThrow(NotInTree);
    }
    expect(() => createProver(TILES.read, COUNT + 1).inclusion(0)).toThrow(TileUnfit);
  });
});

describe('a consistency proof', () => {
  const pair = fc.tuple(anySize, anySize).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);

  it('is the proof that RFC 6962 defines, and it verifies', () => {
    fc.assert(
      fc.property(pair, ([from, to]) => {
        const proof = createProver(TILES.read, to).consistency(from);
        expect(proof).toEqual(subproof(from, LEAVES.slice(0, to), true));
        expect(verifyConsistency({ from, fromRoot: rootOf(from), to, toRoot: rootOf(to), proof })).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it('verifies for every pair of sizes of a small tree', () => {
    for (let to = 0; to <= 40; to++) {
      for (let from = 0; from <= to; from++) {
        const proof = createProver(TILES.read, to).consistency(from);
        if (from > 0) expect(proof).toEqual(subproof(from, LEAVES.slice(0, to), true));
        expect(verifyConsistency({ from, fromRoot: rootOf(from), to, toRoot: rootOf(to), proof })).toBe(true);
      }
    }
  });

  it('never verifies if it was changed, or is used for other sizes or roots', () => {
    fc.assert(
      fc.property(pair, mutation, ([from, to], change) => {
        const proof = createProver(TILES.read, to).consistency(from);
        const claim = { from, fromRoot: rootOf(from), to, toRoot: rootOf(to), proof };
        expect(verifyConsistency(claim)).toBe(true);
        expect(verifyConsistency({ ...claim, proof: mutated(proof, ...change) })).toBe(false);
        expect(verifyConsistency({ ...claim, toRoot: leafAt(COUNT - 1) })).toBe(false);
        expect(verifyConsistency({ ...claim, fromRoot: leafAt(COUNT - 1) })).toBe(false);
        expect(verifyConsistency({ ...claim, from: to + 1 })).toBe(false);
        expect(verifyConsistency({ ...claim, from: 0 })).toBe(false);
        if (from < to) expect(verifyConsistency({ ...claim, fromRoot: claim.toRoot })).toBe(false);
      }),
      { numRuns: 150 },
    );
  });

  it('does not verify for a tree whose past was rewritten', () => {
    const leaves = LEAVES.slice(0, 1000);
    leaves[17] = leafAt(COUNT - 1);
    const forged = createTiles();
    for (let size = 0; size < 1000; ) size = appendLeaves(forged, size, leaves.slice(size, size + 500));
    const toRoot = treeRoot(forged.read, 1000);
    for (const from of [18, 256, 300, 999]) {
      const proof = createProver(forged.read, 1000).consistency(from);
      expect(verifyConsistency({ from, fromRoot: rootOf(from), to: 1000, toRoot, proof })).toBe(false);
    }
  });

  it('is refused for sizes that the tree never had', () => {
    for (const [from, to] of [
      [6, 5],
      [-1, 5],
      [0.5, 5],
    ] as const) {
      expect(() => createProver(TILES.read, to).consistency(from)).toThrow(NotInTree);
    }
  });
});

interface ProofCase {
  case: string;
  proof: string[] | null;
  wantErr: boolean;
  leafIdx?: number;
  treeSize?: number;
  leafHash?: string;
  root?: string;
  size1?: number;
  size2?: number;
  root1?: string;
  root2?: string;
}

function bytes(base64: string | undefined): Buffer {
  return Buffer.from(base64 ?? '', 'base64');
}

/**
 * The inclusion and consistency cases in testdata/ of https://github.com/transparency-dev/merkle at 417fb0c,
 * Apache-2.0, one file per line: good proofs, and proofs that its authors know to be wrong.
 */
describe("transparency-dev/merkle's own test data", () => {
  const cases: ProofCase[] = readFileSync(new URL('transparency-dev-proofs.ndjson', import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

  /** In this case the roots are not hashes of 32 bytes, which our verification requires. */
  const WITHOUT_HASHES = 'consistency/additional/sizes-are-equal-one-and-proof-is-empty';

  it.each(cases)('$case', ({ case: name, proof, wantErr, ...given }) => {
    const hashes = (proof ?? []).map(bytes);
    const isGood = name.startsWith('inclusion')
      ? includes(bytes(given.leafHash), given.leafIdx ?? -1, given.treeSize ?? -1, bytes(given.root), hashes)
      : verifyConsistency({
          from: given.size1 ?? -1,
          fromRoot: bytes(given.root1),
          to: given.size2 ?? -1,
          toRoot: bytes(given.root2),
          proof: hashes,
        });
    expect(isGood).toBe(!wantErr && name !== WITHOUT_HASHES);
  });
});
