import { HASH_BYTES } from '../tiles/tiles.ts';
import { BadProof } from './bad-proof.ts';
import { hashChildren } from './hash-children.ts';

/**
 * Returns the root that a tree of `size` leaves must have if the leaf with this hash is at `leaf`, RFC 9162 section
 * 2.1.3.2. The caller compares it with a trusted root. Throws BadProof if the leaf is not below the size, a hash does
 * not have 32 bytes, or the proof has the wrong length for the leaf.
 */
export function rootOfInclusion(
  leafHash: Uint8Array,
  leaf: number,
  size: number,
  proof: readonly Uint8Array[],
): Buffer {
  if (!Number.isSafeInteger(leaf) || !Number.isSafeInteger(size) || leaf < 0 || leaf >= size) {
    throw new BadProof(`There is no leaf ${leaf} in a tree of ${size} leaves`);
  }
  const wrong = [leafHash, ...proof].find(({ length }) => length !== HASH_BYTES);
  if (wrong) throw new BadProof(`A hash of the proof is ${wrong.length} bytes, not ${HASH_BYTES}`);
  let root: Buffer = Buffer.from(leafHash);
  // The indexes, on the present level, of the node on the path and of the level's last node.
  let at = leaf;
  let last = size - 1;
  let used = 0;
  for (; last > 0; at = Math.floor(at / 2), last = Math.floor(last / 2)) {
    const isRight = at % 2 === 1;
    // If the level's last node is a left child, it has no sibling and is its own parent.
    if (!isRight && at === last) continue;
    const sibling = proof[used++];
    if (!sibling) break;
    root = isRight ? hashChildren(sibling, root) : hashChildren(root, sibling);
  }
  if (last > 0 || used !== proof.length) {
    throw new BadProof(`${proof.length} hashes can't prove leaf ${leaf} in a tree of ${size} leaves`);
  }
  return root;
}
