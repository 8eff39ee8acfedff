import { createHash } from 'node:crypto';
import type { ReadTile, WriteTile } from '../../src/ledger/tiles/tiles.ts';

/** Tiles in a map, with a record of each read and write. */
export function createTiles() {
  const stored = new Map<string, Buffer>();
  const calls: string[] = [];
  const read: ReadTile = (level, index) => {
    calls.push(`read ${level}/${index}`);
    return stored.get(`${level}/${index}`);
  };
  const write: WriteTile = (level, index, hashes) => {
    calls.push(`write ${level}/${index}`);
    stored.set(`${level}/${index}`, hashes);
  };
  return { read, write, stored, calls };
}

export function sha256(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** Returns this many different leaf hashes. */
export function leavesOf(count: number): Buffer[] {
  return Array.from({ length: count }, (_, i) => sha256(Buffer.from(`leaf ${i}`)));
}

function split(count: number): number {
  return 2 ** (Math.ceil(Math.log2(count)) - 1);
}

/** MTH of RFC 6962 section 2.1 as written there, over leaves that are already hashed. */
export function mth(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves;
  if (!only) return sha256();
  if (leaves.length === 1) return only;
  const k = split(leaves.length);
  return sha256(Buffer.of(1), mth(leaves.slice(0, k)), mth(leaves.slice(k)));
}

/** PATH of RFC 6962 section 2.1.1. */
export function path(m: number, leaves: readonly Buffer[]): Buffer[] {
  if (leaves.length === 1) return [];
  const k = split(leaves.length);
  return m < k
    ? [...path(m, leaves.slice(0, k)), mth(leaves.slice(k))]
    : [...path(m - k, leaves.slice(k)), mth(leaves.slice(0, k))];
}

/** SUBPROOF of RFC 6962 section 2.1.2. With `isWhole` it is PROOF. */
export function subproof(m: number, leaves: readonly Buffer[], isWhole: boolean): Buffer[] {
  if (m === leaves.length) return isWhole ? [] : [mth(leaves)];
  const k = split(leaves.length);
  return m <= k
    ? [...subproof(m, leaves.slice(0, k), isWhole), mth(leaves.slice(k))]
    : [...subproof(m - k, leaves.slice(k), false), mth(leaves.slice(0, k))];
}
