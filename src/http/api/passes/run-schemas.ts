import { z } from '@hono/zod-openapi';
import type { RunSourceView, RunView, SweepView } from '../../../archive/passes/list-runs.ts';
import { byCounter } from '../../../model/coverage/counters.ts';
import { at } from '../member-shape.ts';

const nullableText = z.string().nullable();
const counters = byCounter(() => z.int());

export const runSchema = z
  .object({
    id: z.int(),
    startedAt: at,
    finishedAt: at.nullable(),
    outcome: z.string().openapi({ example: 'complete' }),
    collector: z.string().openapi({ description: 'The host and process that made the pass.' }),
    sources: z.array(
      z.object({
        alias: z.string(),
        region: z.string(),
        accountId: nullableText,
        outcome: z.string(),
        error: nullableText,
        clockSkewMs: z.int().nullable(),
        startedAt: at,
        finishedAt: at,
        ...counters,
      } satisfies Record<keyof RunSourceView, z.ZodType>),
    ),
  } satisfies Record<keyof RunView, z.ZodType>)
  .openapi('Run');

export const sweepSchema = z
  .object({
    id: z.int(),
    runId: z.int(),
    accountId: z.string(),
    region: z.string(),
    operation: z.string(),
    fromAt: at.nullable(),
    toAt: at.nullable(),
    commandId: nullableText,
    instanceId: nullableText,
    startedAt: at,
    finishedAt: at.nullable(),
    outcome: z.string(),
    error: nullableText,
    ...counters,
    requestIds: z.array(z.string()).nullable().openapi({
      description:
        'The x-amzn-RequestId of each reply that AWS sent for the sweep: the first 999 and the last. null while the sweep runs, if its collector died, and for old sweeps, made before the archive kept these ids.',
    }),
  } satisfies Record<keyof SweepView, z.ZodType>)
  .openapi('Sweep');

export const sourceSchema = z
  .object({
    accountId: nullableText.openapi({
      description: 'null until AWS has answered for this source. Until then, the region may be null too.',
    }),
    region: nullableText,
    alias: nullableText,
    lastOutcome: nullableText,
    lastError: nullableText,
    lastFinishedAt: at.nullable(),
    invocations: z.int(),
    newestRequestedAt: at.nullable(),
    unfinished: z.int(),
    unfinishedSoonForgotten: z.int(),
    unfinishedForgotten: z.int(),
    shortCommands: z.int(),
    missingInvocations: z.int(),
  })
  .openapi('Source');
