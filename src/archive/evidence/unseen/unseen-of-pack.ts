import { z } from 'zod';
import { OPEN_FILTERS } from '../../values/open-values.ts';
import type { PackUnseen } from '../evidence.ts';

const Manifest = z.looseObject({
  neverSeen: z
    .array(z.object({ filter: z.enum(OPEN_FILTERS), value: z.string(), parameter: z.string().exactOptional() }))
    .optional(),
});

/** What the manifest of a pack says that the archive had never seen when it was made; an earlier version's says nothing of that. */
export function unseenOfPack(manifest: string): readonly PackUnseen[] {
  try {
    return Manifest.safeParse(JSON.parse(manifest)).data?.neverSeen ?? [];
  } catch {
    return [];
  }
}
