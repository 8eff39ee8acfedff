import { z } from '@hono/zod-openapi';
import { OPEN_FILTERS } from '../../../archive/values/open-values.ts';

const nullableText = z.string().nullable();
const span = z.object({ accountId: nullableText, region: nullableText, from: z.string(), to: z.string() });

/** What a list says beside no items. */
export const emptyMembers = {
  neverSeen: z
    .array(
      z.object({
        filter: z.enum(OPEN_FILTERS),
        value: z.string(),
        near: z.array(z.string()).openapi({ description: 'Values that the archive has and that may have been meant.' }),
      }),
    )
    .optional()
    .openapi({
      description:
        'Beside no items: the values asked for that the archive has never seen, in no invocation, command, pass, or line of its configuration, and that nothing which was pruned may have had.',
    }),
  coverage: z
    .object({
      from: nullableText,
      to: nullableText,
      state: z.enum(['complete', 'incomplete', 'notCollected']),
      coveredPart: z.number().openapi({ description: '0 to 1, over all accounts and regions; edges are not counted.' }),
      gaps: z.array(span.extend({ alias: z.string().optional(), isForgotten: z.boolean(), isOpen: z.boolean() })),
      gapCount: z.int(),
      edges: z.array(span),
      edgeCount: z.int(),
      forgottenCommands: z.int(),
      missingSources: z.int(),
    })
    .optional()
    .openapi({
      description:
        'Beside no items: what of the span that was looked at is covered, in short. Nothing found proves that nothing was there only where state is complete.',
    }),
};
