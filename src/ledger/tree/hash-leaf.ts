import { hash } from 'node:crypto';

const PREFIX = Buffer.of(0);

/**
 * Returns the hash of a leaf, RFC 9162 section 2.1.1: SHA-256(0x00 ‖ data), 32 bytes. A string means its UTF-8 bytes,
 * and is the faster way if the leaf is text anyway.
 */
export function hashLeaf(data: Uint8Array | string): Buffer {
  return hash('sha256', typeof data === 'string' ? `\0${data}` : Buffer.concat([PREFIX, data]), 'buffer');
}
