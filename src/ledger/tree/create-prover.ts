import type { ReadTile } from '../tiles/tiles.ts';
import { createTreeNodes, splitOf } from './tree-nodes.ts';

/** The tree has no such leaf or size. */
export class NotInTree extends Error {
  override name = 'NotInTree';
}

/** Makes proofs for one tree. Each proof has O(log n) hashes of 32 bytes, from the leaf to the root. */
export interface Prover {
  root(): Buffer;
  /** PATH(leaf, D[size]) of RFC 6962 section 2.1.1. Throws NotInTree unless 0 <= leaf < size. */
  inclusion(leaf: number): Buffer[];
  /**
   * PROOF(from, D[size]) of RFC 6962 section 2.1.2. It is empty if there is nothing to prove: from size 0, or from the
   * same size. Throws NotInTree unless 0 <= from <= size.
   */
  consistency(from: number): Buffer[];
}

/**
 * Returns a prover for the tree of the first `size` leaves. It is meant for many proofs: it keeps tiles and nodes for
 * later proofs, and is fastest if the leaves come in order. Leaves that are appended later change nothing. Throws
 * TileUnfit if tiles are missing or too narrow.
 */
export function createProver(read: ReadTile, size: number): Prover {
  if (!isCount(size)) throw new NotInTree(`A tree can't have the size ${size}`);
  const { range } = createTreeNodes(read);
  return {
    root: () => range(0, size),
    inclusion(leaf) {
      if (!isCount(leaf) || leaf >= size) throw new NotInTree(`There is no leaf ${leaf} in a tree of ${size} leaves`);
      return path(range, leaf, 0, size);
    },
    consistency(from) {
      if (!isCount(from) || from > size) throw new NotInTree(`A tree of ${size} leaves never had ${from} leaves`);
      return from === 0 ? [] : subproof(range, from, 0, size, true);
    },
  };
}

type Range = (from: number, to: number) => Buffer;

/** Returns PATH of the leaf in the subtree over [start, end). */
function path(range: Range, leaf: number, start: number, end: number): Buffer[] {
  if (end - start === 1) return [];
  const middle = start + splitOf(end - start);
  return leaf < middle
    ? [...path(range, leaf, start, middle), range(middle, end)]
    : [...path(range, leaf, middle, end), range(start, middle)];
}

/**
 * Returns SUBPROOF for the first `from` leaves of the tree, in the subtree over [start, end); `isWhole` is the flag of
 * the RFC which says that the root of this part is known.
 */
function subproof(range: Range, from: number, start: number, end: number, isWhole: boolean): Buffer[] {
  if (from === end) return isWhole ? [] : [range(start, end)];
  const middle = start + splitOf(end - start);
  return from <= middle
    ? [...subproof(range, from, start, middle, isWhole), range(middle, end)]
    : [...subproof(range, from, middle, end, false), range(start, middle)];
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
