import { HASH_BYTES } from '../tiles/tiles.ts';
import { hashChildren } from './hash-children.ts';

/** Returns the root over 2^k concatenated hashes, 32 bytes. Throws RangeError for any other number of hashes. */
export function perfectRoot(hashes: Uint8Array): Buffer {
  let width = hashes.length / HASH_BYTES;
  if (!Number.isInteger(Math.log2(width)))
    throw new RangeError(`A perfect tree can't have ${width} hashes: their number must be a power of two`);
  const nodes = Buffer.from(hashes);
  for (; width > 1; width /= 2) {
    for (let i = 0; i < width; i += 2) {
      const at = i * HASH_BYTES;
      const left = nodes.subarray(at, at + HASH_BYTES);
      nodes.set(hashChildren(left, nodes.subarray(at + HASH_BYTES, at + 2 * HASH_BYTES)), at / 2);
    }
  }
  return nodes.subarray(0, HASH_BYTES);
}
