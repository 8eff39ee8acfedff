import { sha256, sha256Of } from '../../lib/sha256.ts';

const PREFIX = Buffer.of(0);

/**
 * Returns the hash of a leaf, RFC 9162 section 2.1.1: SHA-256(0x00 ‖ data), 32 bytes. A string stands for its UTF-8
 * bytes. For a leaf that is text already, passing the string is faster.
 */
export function hashLeaf(data: Uint8Array | string): Buffer {
  return typeof data === 'string' ? sha256(`\0${data}`) : sha256Of(Buffer.concat([PREFIX, data]));
}
