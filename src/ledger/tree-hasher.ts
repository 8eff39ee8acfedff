import { hash } from 'node:crypto';
import { hashChildren } from './hash-children.ts';

/** A Merkle tree's root as its leaves come by, in O(log n) memory. */
export interface TreeHasher {
  /** Adds a leaf by its hash, which is kept: the caller must not write over it. */
  add(leafHash: Uint8Array): void;
  /**
   * Adds 2^height leaves by the root over them, as another hasher over just those leaves gives it. Throws RangeError
   * unless the leaves before are a multiple of 2^height.
   */
  addSubtree(root: Uint8Array, height: number): void;
  /** The Merkle tree hash of the leaves so far, RFC 9162 section 2.1.1; more may follow. */
  root(): Buffer;
  readonly size: number;
}

export function createTreeHasher(): TreeHasher {
  // The perfect subtrees so far, largest first, and the number of leaves under each.
  const roots: Uint8Array[] = [];
  const counts: number[] = [];
  let size = 0;

  function addPerfect(root: Uint8Array, count: number): void {
    size += count;
    let node = root;
    let width = count;
    while (counts.at(-1) === width) {
      const left = roots.pop();
      if (left) node = hashChildren(left, node);
      counts.pop();
      width *= 2;
    }
    roots.push(node);
    counts.push(width);
  }

  return {
    add: (leafHash) => addPerfect(leafHash, 1),
    addSubtree(root, height) {
      const count = 2 ** height;
      if (size % count !== 0) throw new RangeError(`A subtree of ${count} leaves can't stand behind ${size}`);
      addPerfect(root, count);
    },
    root() {
      const last = roots.at(-1);
      if (!last) return hash('sha256', '', 'buffer');
      return Buffer.from(roots.slice(0, -1).reduceRight((right, left) => hashChildren(left, right), last));
    },
    get size() {
      return size;
    },
  };
}
