import { z } from 'zod';
import { SealedObject } from '../../ledger/entries/sealed-entry.ts';

/** The rows of the invocations of a day. Its files are used again until something of the day changes. */
const HotDay = z.object({
  /** An ISO date; empty for invocations without a time of request. */
  day: z.string(),
  invocations: z.int(),
  /** The names of the files, by table. */
  files: z.record(z.string(), z.string()),
});

/** A copy of the rows that the archive itself has, as Parquet, and the sealed days that belong to it. */
export const HotCopy = z.object({
  /** A digest of the columns of all tables: a copy with other columns is made again. */
  schema: z.string(),
  facts: z.object({
    engine: z.literal('lake'),
    from: z.string().nullable(),
    to: z.string().nullable(),
    asOf: z.string(),
  }),
  /** How many leaves the ledger had, and the hash of the last one: an archive that goes on from there still has it. */
  treeSize: z.int(),
  lastLeaf: z.string(),
  days: z.array(HotDay),
  /** The names of the files that are written again for each copy, by table. */
  whole: z.record(z.string(), z.string()),
  /** The columns of each table. */
  columns: z.record(z.string(), z.array(z.string())),
  /** The name of a file with the ids of the archive's own invocations of sealed days, which win; null if there are none. */
  hotIds: z.string().nullable(),
  sealed: z.array(z.object({ day: z.string(), generation: z.int(), objects: z.array(SealedObject) })),
});

export type HotCopy = z.output<typeof HotCopy>;
export type HotDay = z.output<typeof HotDay>;
