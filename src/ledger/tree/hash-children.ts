import { sha256Of } from '../../lib/sha256.ts';
import { HASH_BYTES } from '../tiles/tiles.ts';

/** A buffer for 0x01 ‖ left ‖ right. It is filled and used within one call, so all calls share it. */
const node = Buffer.alloc(1 + 2 * HASH_BYTES, 1);

/**
 * Returns the hash of a node with two children, RFC 9162 section 2.1.1: SHA-256(0x01 ‖ left ‖ right), 32 bytes. Throws
 * RangeError if a child does not have 32 bytes.
 */
export function hashChildren(left: Uint8Array, right: Uint8Array): Buffer {
  if (left.length !== HASH_BYTES || right.length !== HASH_BYTES) {
    throw new RangeError(`A node's children are ${HASH_BYTES} bytes each, not ${left.length} and ${right.length}`);
  }
  node.set(left, 1);
  node.set(right, 1 + HASH_BYTES);
  return sha256Of(node);
}
