import { z } from '@hono/zod-openapi';
import { OPEN_FILTERS } from '../../../archive/values/open-values.ts';

const nullableText = z.string().nullable();
const span = z.object({ accountId: nullableText, region: nullableText, from: z.string(), to: z.string() });

/** What a list says if it has no items. */
export const emptyMembers = {
  neverSeen: z
    .array(
      z.object({
        filter: z.enum(OPEN_FILTERS),
        value: z.string(),
        near: z.array(z.string()).openapi({ description: 'Values of the archive that may have been meant.' }),
      }),
    )
    .optional()
    .openapi({
      description:
        'In an empty answer: the values asked for that the archive has never seen in an invocation, a command, a pass or its configuration, and that nothing pruned can have had.',
    }),
  coverage: z
    .object({
      from: nullableText,
      to: nullableText,
      state: z.enum(['complete', 'incomplete', 'notCollected']),
      coveredPart: z.number().openapi({ description: '0 to 1, over all accounts and regions; edges do not count.' }),
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
        'In an empty answer: what of the span is covered, in short. Only if state is complete does the empty answer prove that nothing was there.',
    }),
};
