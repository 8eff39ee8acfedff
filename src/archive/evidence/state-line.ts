import { z } from 'zod';

/** A line of states.ndjson. The proof is hashes in base64, from the leaf's sibling up. */
export const StateLine = z.object({
  leaf: z.number().int().nonnegative(),
  entry: z.string(),
  proof: z.array(z.string()),
});

export type StateLine = z.output<typeof StateLine>;
