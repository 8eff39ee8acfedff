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
        near: z.array(z.string()).openapi({ description: 'Similar values from the archive.' }),
      }),
    )
    .optional()
    .openapi({
      description:
        'In an empty answer: the requested values that the archive has never seen in an invocation, a command, a pass or its configuration. A value that pruned data may have had is not listed.',
    }),
  coverage: z
    .object({
      from: nullableText,
      to: nullableText,
      state: z.enum(['complete', 'incomplete', 'notCollected']),
      coveredPart: z.number().openapi({
        description:
          'The covered part of the span in all accounts and regions, from 0 to 1; edges do not count as covered.',
      }),
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
        'In an empty answer: how much of the span is covered, in short. The empty answer proves that nothing matches only if `state` is `complete`.',
    }),
};
