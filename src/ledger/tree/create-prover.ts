import type { ReadTile } from '../tiles/tiles.ts';
import { createTreeNodes, splitOf } from './tree-nodes.ts';

/** There is no such leaf or size in the tree that was asked. */
export class NotInTree extends Error {
  override name = 'NotInTree';
}

/** Proofs of one tree, each of O(log n) hashes of 32 bytes, from the leaf's end to the root's. */
export interface Prover {
  root(): Buffer;
  /** PATH(leaf, D[size]) of RFC 6962 section 2.1.1. Throws NotInTree unless 0 <= leaf < size. */
  inclusion(leaf: number): Buffer[];
  /**
   * PROOF(from, D[size]) of RFC 6962 section 2.1.2; empty where there is nothing to prove: from 0, and from the same size.
   * Throws NotInTree unless 0 <= from <= size.
   */
  consistency(from: number): Buffer[];
}

/**
 * Proves many things of the tree of the first `size` leaves: tiles and nodes, once read or computed, serve further proofs,
 * best where leaves are asked for in their order. It tells of that size whatever is appended meanwhile. It throws TileUnfit
 * where tiles are missing or too narrow.
 */
export function createProver(read: ReadTile, size: number): Prover {
  if (!isCount(size)) throw new NotInTree(`A tree has no size of ${size}`);
  const { range } = createTreeNodes(read);
  return {
    root: () => range(0, size),
    inclusion(leaf) {
      if (!isCount(leaf) || leaf >= size) throw new NotInTree(`There is no leaf ${leaf} in a tree of ${size}`);
      return path(range, leaf, 0, size);
    },
    consistency(from) {
      if (!isCount(from) || from > size) throw new NotInTree(`A tree of ${size} never had a size of ${from}`);
      return from === 0 ? [] : subproof(range, from, 0, size, true);
    },
  };
}

type Range = (from: number, to: number) => Buffer;

/** PATH of the leaf in the subtree over [start, end). */
function path(range: Range, leaf: number, start: number, end: number): Buffer[] {
  if (end - start === 1) return [];
  const middle = start + splitOf(end - start);
  return leaf < middle
    ? [...path(range, leaf, start, middle), range(middle, end)]
    : [...path(range, leaf, middle, end), range(start, middle)];
}

/** SUBPROOF for the first `from` leaves of the tree in the subtree over [start, end); `isWhole` while that is known. */
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
