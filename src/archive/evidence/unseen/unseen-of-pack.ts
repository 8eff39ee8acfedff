import { z } from 'zod';
import { OPEN_FILTERS } from '../../values/open-values.ts';
import type { PackUnseen } from '../evidence.ts';

const Manifest = z.looseObject({
  neverSeen: z
    .array(z.object({ filter: z.enum(OPEN_FILTERS), value: z.string(), parameter: z.string().exactOptional() }))
    .optional(),
});

/**
 * The asked values that the archive had never seen when the pack was made, according to the manifest. Manifests of
 * earlier versions do not name them.
 */
export function unseenOfPack(manifest: string): readonly PackUnseen[] {
  try {
    return Manifest.safeParse(JSON.parse(manifest)).data?.neverSeen ?? [];
  } catch {
    return [];
  }
}
