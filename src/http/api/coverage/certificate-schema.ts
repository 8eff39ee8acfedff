import { z } from '@hono/zod-openapi';
import { coverageSchema } from './coverage-schema.ts';

const at = z.iso.datetime().openapi({ example: '2026-03-01T09:30:00.000Z' });
const nullableText = z.string().nullable();
const span = z.object({ from: at, to: at });
const { edges, spreadMs, gaps, forgottenCommands } = coverageSchema.shape;

const counts = z
  .object({
    commands: z.int(),
    countedCommands: z.int().openapi({
      description: 'How many commands ListCommands showed with counts. The sums here are over these commands.',
    }),
    targetCount: z.int(),
    completedCount: z.int(),
    invocations: z.int().openapi({ description: 'How many invocations of these commands the archive has.' }),
    finishedInvocations: z.int(),
    shortCommands: z.array(
      z.object({
        commandId: z.string(),
        requestedAt: at,
        status: nullableText,
        targetCount: z.int().nullable(),
        completedCount: z.int().nullable(),
        invocations: z.int(),
        finishedInvocations: z.int(),
      }),
    ),
    moreShortCommands: z.int(),
  })
  .openapi({
    description: 'What ListCommands said about the commands of the span, and how much of them the archive has.',
  });

const sweep = z.object({
  id: z.int(),
  leaf: z.int().openapi({ description: 'The leaf in the ledger that records the sweep.' }),
  operation: z.string().openapi({ example: 'ListCommandInvocations' }),
  from: at.nullable(),
  to: at.nullable(),
  calls: z.int(),
  pages: z.int(),
  startedAt: at,
  finishedAt: at.nullable(),
  outcome: z.string().openapi({ example: 'complete' }),
  requestIds: z.array(z.string()).optional().openapi({
    description:
      'The x-amzn-RequestId of each page that AWS sent for the sweep, as CloudTrail records it: the first 999 and the last. Absent for old sweeps, made before the archive kept these ids.',
  }),
});

const pruning = z.object({
  what: z.string().openapi({ description: 'entries or outputs.', example: 'entries' }),
  by: z.string(),
  reason: z.string(),
  firstAt: at,
  lastAt: at,
  tombstones: z
    .int()
    .openapi({ description: 'How many ledger entries between firstLeaf and lastLeaf record this pruning.' }),
  firstLeaf: z.int(),
  lastLeaf: z.int(),
  invocations: z.int(),
  commands: z.int(),
  from: at.nullable(),
  to: at.nullable(),
});

/** A CoverageCertificate. */
export const certificateSchema = z
  .object({
    origin: z.string().openapi({ example: 'ssm-archive/5f0c9d1e2a3b4c5d' }),
    issuedAt: at,
    asked: z.object({ accountId: nullableText, region: nullableText, from: at.nullable(), to: at.nullable() }),
    complete: z.boolean(),
    places: z.array(
      z.object({
        accountId: z.string(),
        region: z.string(),
        span,
        complete: z.boolean(),
        covered: z.array(span),
        edges,
        spreadMs,
        gaps,
        unproven: z.array(span).openapi({ description: 'Covered spans that no entry of the ledger proves.' }),
        forgottenCommands,
        prunings: z.array(pruning).openapi({ description: 'What was kept at first and removed later.' }),
        unfinishedCommands: z.int(),
        unfinishedInvocations: z.int(),
        counts,
        sweeps: z.array(sweep),
        moreSweeps: z.int(),
        broughtInLeaves: z.array(z.int()),
      }),
    ),
    missing: z
      .array(z.object({ alias: z.string(), accountId: nullableText, region: nullableText, sinceAt: at, gaps }))
      .openapi({
        description:
          'Sources that are owed for the span, but for which AWS has never answered: nothing is complete without them.',
      }),
    checkpoint: z.object({ size: z.int(), root: z.string(), madeAt: at }),
  })
  .openapi('CoverageCertificate');
