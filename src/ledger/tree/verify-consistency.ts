import { hash } from 'node:crypto';
import { HASH_BYTES } from '../tiles/tiles.ts';
import { hashChildren } from './hash-children.ts';

/**
 * Whether a proof shows that the tree of `to` leaves with `toRoot` begins with the tree of `from` leaves with
 * `fromRoot`, RFC 9162 section 2.1.4.2. False for anything malformed. Every tree begins with the empty tree. So if
 * `from` is 0, the proof must be empty and `fromRoot` must be the empty tree's root; the result then says nothing about
 * `toRoot`.
 */
export function verifyConsistency(claim: {
  from: number;
  fromRoot: Uint8Array;
  to: number;
  toRoot: Uint8Array;
  proof: readonly Uint8Array[];
}): boolean {
  const { from, fromRoot, to, toRoot, proof } = claim;
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 0 || from > to) return false;
  if ([fromRoot, toRoot, ...proof].some(({ length }) => length !== HASH_BYTES)) return false;
  if (from === to) return proof.length === 0 && isSame(fromRoot, toRoot) && (to > 0 || isEmptyRoot(toRoot));
  if (from === 0) return proof.length === 0 && isEmptyRoot(fromRoot);
  return climb(from, to, fromRoot, proof)?.every((root, i) => isSame(root, i === 0 ? fromRoot : toRoot)) ?? false;
}

/** Returns the two roots that the proof leads to, 0 < from < to; undefined if its length is wrong. */
function climb(
  from: number,
  to: number,
  fromRoot: Uint8Array,
  proof: readonly Uint8Array[],
): [Uint8Array, Uint8Array] | undefined {
  // The indexes, on the present level, of the last nodes of the older and of the newer tree.
  let at = from - 1;
  let last = to - 1;
  for (; at % 2 === 1; at = Math.floor(at / 2)) last = Math.floor(last / 2);
  // If the older tree is a whole left subtree of the newer one, the proof leaves its root out.
  const hashes = at === 0 ? [fromRoot, ...proof] : proof;
  const [seed] = hashes;
  if (!seed) return undefined;
  let older = seed;
  let newer = seed;
  let used = 1;
  for (; last > 0; at = Math.floor(at / 2), last = Math.floor(last / 2)) {
    const isRight = at % 2 === 1;
    if (!isRight && at === last) continue;
    const sibling = hashes[used++];
    if (!sibling) return undefined;
    if (isRight) older = hashChildren(sibling, older);
    newer = isRight ? hashChildren(sibling, newer) : hashChildren(newer, sibling);
  }
  return used === hashes.length ? [older, newer] : undefined;
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function isEmptyRoot(root: Uint8Array): boolean {
  return isSame(root, hash('sha256', '', 'buffer'));
}
