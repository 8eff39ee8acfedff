/**
 * Hashes two 32-bit numbers into an unsigned one. Everything random in the fleet is such a hash of a seed and a
 * position.
 */
export function mix(key: number, salt: number): number {
  let hash = Math.imul(key ^ Math.imul(salt + 0x9e3779b9, 0x85ebca6b), 0xcc9e2d51);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** Returns a number from 0 up to but not including 1. Its key and salt decide which. */
export function fraction(key: number, salt: number): number {
  return mix(key, salt) / 0x1_0000_0000;
}

/** Returns a key from a text (FNV-1a). */
export function keyOfText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

/** Returns the item of a list at this fraction of the list's length. */
export function pick<T>(items: readonly [T, ...T[]], at: number): T {
  return items[Math.floor(at * items.length)] ?? items[0];
}

/**
 * Returns an item of a list in which each has a share of the whole: the item at this fraction of the whole. The shares
 * need not sum to 1.
 */
export function pickByShare<T extends { readonly share: number }>(items: readonly [T, ...T[]], at: number): T {
  let rest = at * items.reduce((sum, { share }) => sum + share, 0);
  for (const item of items) {
    rest -= item.share;
    if (rest < 0) return item;
  }
  return items[0];
}

/** Returns a whole number from `low` to `high`, both included. */
export function between(low: number, high: number, at: number): number {
  return low + Math.floor(at * (high - low + 1));
}

/** Returns a stream of fractions from a key. */
export function createDraws(key: number): () => number {
  let count = 0;
  return () => fraction(key, ++count);
}
