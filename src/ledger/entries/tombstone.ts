import { createHash } from 'node:crypto';
import { z } from 'zod';
import { HASH_BYTES, type ReadTile, TILE_WIDTH } from '../tiles/tiles.ts';

/** The first and last of consecutive `seq`s. */
const SeqRange = z.tuple([z.int().positive(), z.int().positive()]);

/** The ledger's entry about pruning: what was pruned, why and by whom. Nothing is pruned without such an entry. */
export const Tombstone = z.object({
  kind: z.literal('pruned'),
  /**
   * `entries`: the rows of the entries were pruned, but the hashes of their leaves stay. `outputs`: only the outputs of
   * these states were pruned.
   */
  what: z.enum(['entries', 'outputs']),
  at: z.string(),
  by: z.string(),
  reason: z.string(),
  /** The selection of the whole pruning run. This entry is about a part of what it removed. */
  selection: z.record(z.string(), z.unknown()),
  invocations: z.int(),
  commands: z.int(),
  /** The accounts and regions, with the first and last request time; null if no request time is known. */
  places: z.array(
    z.object({
      accountId: z.string(),
      region: z.string(),
      fromAt: z.string().nullable(),
      toAt: z.string().nullable(),
      invocations: z.int(),
      commands: z.int(),
    }),
  ),
  /**
   * The sealed day of which nothing is left: the seq of its entry in the ledger. `seqs` has the leaves that were in the
   * lake alone, or a part of them.
   */
  sealed: z.object({ day: z.iso.date(), entry: z.int().positive() }).optional(),
  seqs: z.array(SeqRange),
  /** SHA-256 of the hashes of all leaves in `seqs`, one after another. */
  hashes: z.string(),
  /**
   * The batches that lost states: the batch's id, its first batchDigest, and its present batchDigest, which is null if
   * the batch was removed.
   */
  pages: z.array(z.tuple([z.int(), z.string(), z.string().nullable()])),
});

export type Tombstone = z.output<typeof Tombstone>;

/** Returns numbers as sorted ranges of consecutive ones. */
export function rangesOf(seqs: readonly number[]): [number, number][] {
  const ranges: [number, number][] = [];
  for (const seq of [...seqs].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && last[1] === seq - 1) last[1] = seq;
    else ranges.push([seq, seq]);
  }
  return ranges;
}

/** Returns the SHA-256, in hex, of the hashes of these leaves in the tiles. */
export function digestOfLeaves(read: ReadTile, ranges: readonly (readonly [number, number])[]): string {
  const hashOf = createLeafReader(read);
  const hash = createHash('sha256');
  // A sealed day may have millions of leaves.
  for (const [from, to] of ranges) for (let leaf = from - 1; leaf < to; leaf++) hash.update(hashOf(leaf));
  return hash.digest('hex');
}

/**
 * Returns a function that reads the hash of a leaf from the tiles. The hash is empty if the leaf is missing. The last
 * tile is kept, because leaves are mostly read in order.
 */
export function createLeafReader(read: ReadTile): (leaf: number) => Buffer {
  let last: { index: number; tile: Buffer } | undefined;
  return (leaf) => {
    const index = Math.floor(leaf / TILE_WIDTH);
    if (last?.index !== index) last = { index, tile: Buffer.from(read(0, index) ?? []) };
    const at = (leaf % TILE_WIDTH) * HASH_BYTES;
    return last.tile.subarray(at, at + HASH_BYTES);
  };
}
