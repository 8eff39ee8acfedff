import { z } from '@hono/zod-openapi';

const nullableText = z.string().nullable();
const at = z.iso.datetime().openapi({ example: '2026-03-01T09:30:00.000Z' });
const span = z.object({ from: at, to: at });
export const coverageSchema = z
  .object({
    accountId: nullableText,
    region: nullableText,
    alias: z.string().optional().openapi({
      description:
        'The name of an owed source for which AWS has never answered: its account or its region is not known.',
    }),
    sinceAt: at.optional().openapi({ description: 'The time from which that source is owed.' }),
    span: span.openapi({
      description:
        'The span that this entry judges: the requested one, or by default everything covered except the first edge.',
    }),
    isComplete: z.boolean(),
    covered: z.array(span).openapi({ description: 'Spans that are listed completely, except for edges.' }),
    edges: z.array(span.extend({ cause: z.string() })).openapi({
      description:
        'The beginnings of covered spans, where later invocations of earlier commands may be missing. The list has the edges that the span touches, and the edge that ends where the span begins.',
    }),
    gaps: z.array(span.extend({ isForgotten: z.boolean(), cause: z.string() })),
    spreadMs: z.int().openapi({
      description: 'The longest assumed time from a command to the request of its last invocation. No edge is longer.',
      example: 172_800_000,
    }),
    unfinishedCommands: z.int().openapi({
      description: 'Commands that may still get new invocations: each pass lists them by id until they have ended.',
    }),
    forgottenCommands: z
      .array(
        z.object({
          commandId: z.string(),
          requestedAt: nullableText,
          forgottenAt: z.string(),
          targetCount: z.int().nullable(),
          knownInvocations: z.int(),
        }),
      )
      .openapi({ description: 'Commands that the service forgot before the archive saw their end.' }),
    shortCommands: z.int().openapi({
      description:
        'Ended commands of the span of which the archive never had as many invocations as targetCount. A command that was cancelled or ended at its MaxErrors never reaches the rest of its targets, so this alone does not make a span incomplete.',
    }),
    missingInvocations: z.int().openapi({ description: 'How many invocations these commands lack.' }),
  })
  .openapi('Coverage');
