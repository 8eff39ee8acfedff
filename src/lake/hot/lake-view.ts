import { z } from 'zod';
import { HotCopy } from './hot-copy.ts';

/** A table that SQL over the lake can name: its columns, and the paths of the files that have its rows. */
const ViewTable = z.object({
  name: z.string(),
  columns: z.array(z.string()),
  /** Files of the archive's own rows; at least one, which has all columns. */
  hot: z.array(z.string()),
  sealed: z.array(z.string()),
});

/** All that the process which answers SQL over the lake is told of it. */
export const LakeView = z.object({
  facts: HotCopy.shape.facts,
  tables: z.array(ViewTable),
  /** The path of a file with the invocations of sealed days that the archive has itself: its rows win. */
  hotIds: z.string().nullable(),
});

export type LakeView = z.output<typeof LakeView>;
export type ViewTable = z.output<typeof ViewTable>;
