import { z } from 'zod';

const place = {
  leaf: z.number().int().nonnegative(),
  /** Hashes in base64, beginning with the leaf's sibling. */
  proof: z.array(z.string()),
};

/**
 * A line of states.ndjson. It has the entry that is hashed, and the values and salts (in hex) for its commitments. If
 * the state is withheld, it has only the leaf's hash in base64.
 */
export const StateLine = z.union([
  z.object({
    ...place,
    entry: z.string(),
    openings: z.array(z.object({ salt: z.string().regex(/^[0-9a-f]{32}$/), value: z.string() })),
  }),
  z.object({ ...place, hash: z.string() }),
]);

export type StateLine = z.output<typeof StateLine>;
