import { z } from 'zod';
import { sha256Of } from '../../lib/sha256.ts';
import { HASH_BYTES, type ReadTile, TILE_WIDTH } from '../tiles/tiles.ts';

/** First and last of `seq`s that follow each other. */
const SeqRange = z.tuple([z.int().positive(), z.int().positive()]);

/** What stands in the ledger for what was pruned: what, why and who. Nothing goes without one. */
export const Tombstone = z.object({
  kind: z.literal('pruned'),
  /** `entries`: the rows, of which the leaves' hashes stay; `outputs`: the outputs of these states. */
  what: z.enum(['entries', 'outputs']),
  at: z.string(),
  by: z.string(),
  reason: z.string(),
  /** What was asked to be pruned; this is a part of it. */
  selection: z.record(z.string(), z.unknown()),
  invocations: z.int(),
  commands: z.int(),
  /** Where it was, and of which times of request; null where it had none. */
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
  seqs: z.array(SeqRange),
  /** SHA-256 of the hashes of all these leaves, one after the other. */
  hashes: z.string(),
  /** The state batches of which states went: number, and batchDigest as it was first and as it is now; null where the batch is gone. */
  pages: z.array(z.tuple([z.int(), z.string(), z.string().nullable()])),
});

export type Tombstone = z.output<typeof Tombstone>;

/** Numbers that follow each other as ranges. They are in order. */
export function rangesOf(seqs: readonly number[]): [number, number][] {
  const ranges: [number, number][] = [];
  for (const seq of seqs) {
    const last = ranges.at(-1);
    if (last && last[1] === seq - 1) last[1] = seq;
    else ranges.push([seq, seq]);
  }
  return ranges;
}

/** SHA-256 in hex of the hashes of these leaves, as the tiles have them. */
export function digestOfLeaves(read: ReadTile, ranges: readonly (readonly [number, number])[]): string {
  const hashOf = createLeafReader(read);
  const hashes = ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, n) => hashOf(from - 1 + n)));
  return sha256Of(Buffer.concat(hashes)).toString('hex');
}

/** Gives the hashes of leaves as the tiles have them; empty where they have not. The last tile is kept: leaves mostly follow each other. */
export function createLeafReader(read: ReadTile): (leaf: number) => Buffer {
  let last: { index: number; tile: Buffer } | undefined;
  return (leaf) => {
    const index = Math.floor(leaf / TILE_WIDTH);
    if (last?.index !== index) last = { index, tile: Buffer.from(read(0, index) ?? []) };
    const at = (leaf % TILE_WIDTH) * HASH_BYTES;
    return last.tile.subarray(at, at + HASH_BYTES);
  };
}
