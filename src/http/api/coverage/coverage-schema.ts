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
        'The name of a source that is owed and that AWS has never answered: its account or its region is not known.',
    }),
    sinceAt: at.optional().openapi({ description: 'Since when that source is owed.' }),
    span: span.openapi({
      description:
        'The span that is judged: the one that was asked for; without one, what is covered except its first edge.',
    }),
    isComplete: z.boolean(),
    covered: z.array(span).openapi({ description: 'Spans that are listed completely, except for edges.' }),
    edges: z.array(span.extend({ cause: z.string() })).openapi({
      description:
        'The beginnings of covered spans: later invocations of commands that were sent earlier may be missing in them. Listed are those that the span touches, and the one that ends where the span begins.',
    }),
    gaps: z.array(span.extend({ isForgotten: z.boolean(), cause: z.string() })),
    spreadMs: z.int().openapi({
      description:
        'How long after its command an invocation is assumed to be requested at most. It is the longest that an edge can be.',
      example: 172_800_000,
    }),
    unfinishedCommands: z.int().openapi({
      description: 'Commands that may still bring invocations: each pass lists them by id until they have ended.',
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
      .openapi({ description: 'Commands that the service forgot before anybody saw their end.' }),
    shortCommands: z.int().openapi({
      description:
        'Ended commands of the span of which the archive never had as many invocations as targetCount. A command that was cancelled or ended at its MaxErrors never reaches the rest of its targets, so this alone does not make a span incomplete.',
    }),
    missingInvocations: z.int().openapi({ description: 'How many invocations these commands lack.' }),
  })
  .openapi('Coverage');
