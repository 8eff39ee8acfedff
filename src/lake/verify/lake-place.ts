import { z } from 'zod';

/** Where a lake is, and where its objects are kept on this machine. */
export const LakePlace = z.object({
  /** The path of a folder, or `s3://bucket/prefix`. */
  location: z.string(),
  cacheFolder: z.string(),
  cacheBytes: z.int(),
});

export type LakePlace = z.output<typeof LakePlace>;
