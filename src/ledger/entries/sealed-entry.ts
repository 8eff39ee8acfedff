import { z } from 'zod';

const DIGEST = /^[0-9a-f]{64}$/;

/** An object of the lake: the file of one table for one day. */
export const SealedObject = z.object({
  /** The name of a table of the lake. */
  table: z.string(),
  key: z.string(),
  rows: z.int().nonnegative(),
  sizeBytes: z.int().positive(),
  /** The SHA-256 of the object, in hex. */
  sha256: z.string().regex(DIGEST),
});

export type SealedObject = z.output<typeof SealedObject>;

/**
 * The ledger's entry about a sealed day: where its rows are, and by which digests one knows them. No row of a day is
 * removed without such an entry.
 */
export const SealedEntry = z.object({
  kind: z.literal('sealed'),
  /** An ISO date, in UTC. */
  day: z.iso.date(),
  generation: z.int().positive(),
  /** The number of the archive in the lake. */
  archive: z.int().nonnegative(),
  /** How many leaves the ledger had when the rows were read. */
  treeSize: z.int().positive(),
  objects: z.array(SealedObject),
  /** The SHA-256 of the manifest's canonical JSON, in hex. */
  manifest: z.string().regex(DIGEST),
  at: z.string(),
});

export type SealedEntry = z.output<typeof SealedEntry>;
