import { HASH_BYTES } from '../tiles/tiles.ts';
import { BadProof } from './bad-proof.ts';
import { hashChildren } from './hash-children.ts';

/**
 * The root that a tree of `size` leaves must have if the leaf with this hash is at `leaf`, RFC 9162 section 2.1.3.2. The
 * caller compares it with a root that it trusts. Throws BadProof where the leaf is not below the size, a hash is not 32
 * bytes, or the proof's length is not that of such a leaf.
 */
export function rootOfInclusion(
  leafHash: Uint8Array,
  leaf: number,
  size: number,
  proof: readonly Uint8Array[],
): Buffer {
  if (!Number.isSafeInteger(leaf) || !Number.isSafeInteger(size) || leaf < 0 || leaf >= size) {
    throw new BadProof(`There is no leaf ${leaf} in a tree of ${size}`);
  }
  const wrong = [leafHash, ...proof].find(({ length }) => length !== HASH_BYTES);
  if (wrong) throw new BadProof(`A hash of the proof is ${wrong.length} bytes, not ${HASH_BYTES}`);
  let root: Buffer = Buffer.from(leafHash);
  // The places, on the level reached, of the node proved and of the level's last.
  let at = leaf;
  let last = size - 1;
  let used = 0;
  for (; last > 0; at = Math.floor(at / 2), last = Math.floor(last / 2)) {
    const isRight = at % 2 === 1;
    // The level's last node has no sibling where it stands on the left: it is its own parent.
    if (!isRight && at === last) continue;
    const sibling = proof[used++];
    if (!sibling) break;
    root = isRight ? hashChildren(sibling, root) : hashChildren(root, sibling);
  }
  if (last > 0 || used !== proof.length) {
    throw new BadProof(`${proof.length} hashes are no proof of leaf ${leaf} in a tree of ${size}`);
  }
  return root;
}
