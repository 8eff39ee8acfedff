import { z } from '@hono/zod-openapi';
import type { CommandView } from '../../../archive/commands/list-commands.ts';
import type { InvocationView, PluginView } from '../../../archive/invocations/invocation-view.ts';
import { LISTED_COMMAND_MEMBERS } from '../../../model/listed-members.ts';
import { INVOCATION_MEMBERS, STEP_MEMBERS } from '../../../model/members.ts';
import { at, memberShape } from '../member-shape.ts';

const nullableText = z.string().nullable();
const statusCounts = z.record(z.string(), z.int()).openapi({ example: { Success: 98, Failed: 2 } });

/** A step has these values, derived from its output, instead of the member `output` itself. */
const workedOut = {
  durationMs: z.int().nullable().openapi({ example: 500 }),
  outputSha256: nullableText,
  outputSizeBytes: z.int().nullable(),
  isOutputTruncated: z.boolean().nullable(),
};

export const pluginSchema = z
  .object({
    position: z.int(),
    ...memberShape(
      STEP_MEMBERS,
      {
        name: { example: 'aws:runShellScript' },
        status: { example: 'Success' },
        statusDetails: { example: 'Success' },
        responseCode: { example: 0 },
      },
      workedOut,
    ),
    isOutputPruned: z.boolean().openapi({ description: 'Whether the output was kept at first and removed later.' }),
    isSkipped: z.boolean().nullable().openapi({
      description:
        'Whether the agent skipped the step, which the service shows as Success with response code 0. The archive learns this from the output; null if the output was pruned before that.',
    }),
    output: nullableText
      .optional()
      .openapi({ description: 'Only with include=outputs; null if the service sent no output.' }),
  } satisfies Record<keyof PluginView, z.ZodType>)
  .openapi('Plugin');

/** The schema of an InvocationView. */
export const invocationSchema = z
  .object({
    accountId: z.string().openapi({ example: '111122223333' }),
    region: z.string().openapi({ example: 'eu-west-1' }),
    commandId: z.string().openapi({ example: '11111111-2222-4333-8444-555555555555' }),
    instanceId: z.string().openapi({ example: 'i-0123456789abcdef0' }),
    ...memberShape(INVOCATION_MEMBERS, {
      instanceName: { example: 'web-1' },
      documentName: { example: 'AWS-RunShellScript' },
      status: { example: 'Success' },
      statusDetails: { example: 'Success' },
      notificationEvents: { example: ['Failed'] },
    }),
    firstSeenAt: at,
    changedAt: at,
    plugins: z.array(pluginSchema).optional().openapi({ description: 'With include=plugins.' }),
  } satisfies Record<keyof InvocationView, z.ZodType>)
  .openapi('Invocation');

const fieldChangeSchema = z
  .object({ path: z.string().openapi({ example: 'plugins[0].responseCode' }), left: z.unknown(), right: z.unknown() })
  .openapi('FieldChange');

export const revisionSchema = z
  .object({
    seq: z.int(),
    leaf: z
      .int()
      .openapi({ description: 'The leaf of this state in the ledger, for /v1/ledger/proof: seq minus one.' }),
    observedAt: at,
    state: invocationSchema,
    changes: z.array(fieldChangeSchema).nullable().openapi({ description: 'Null for the first state.' }),
  })
  .openapi('Revision');

export const commandSchema = z
  .object({
    accountId: z.string(),
    region: z.string(),
    commandId: z.string(),
    ...memberShape(LISTED_COMMAND_MEMBERS, {
      status: {
        description: 'What the service said about the command itself; null if the service never listed the command.',
        example: 'Success',
      },
      statusDetails: { example: 'NoInstancesInTag' },
      targetCount: { description: 'How many targets the service counted for the command.' },
    }),
    firstSeenAt: at,
    lastRequestedAt: at.nullable(),
    changedAt: at.nullable(),
    invocations: z.int(),
    byStatus: statusCounts,
  } satisfies Record<keyof CommandView, z.ZodType>)
  .openapi('Command');

export const commandDetailSchema = commandSchema
  .extend({
    startedAt: at.nullable(),
    finishedAt: at.nullable(),
    byStatusDetails: statusCounts,
    steps: z.array(
      z.object({
        position: z.int(),
        name: nullableText,
        nodes: z.int(),
        skippedNodes: z
          .int()
          .openapi({ description: 'How many of these nodes skipped the step. Such nodes print nothing.' }),
        distinctOutputs: z.int(),
        outlierCount: z.int(),
        commonOutput: z.object({ sha256: z.string(), output: z.string(), nodes: z.int() }).nullable(),
      }),
    ),
    outliers: z
      .array(
        z.object({
          position: z.int(),
          name: nullableText,
          instanceId: z.string(),
          instanceName: nullableText,
          status: nullableText,
          statusDetails: nullableText,
          responseCode: z.int().nullable(),
          outputSha256: nullableText,
        }),
      )
      .openapi({ description: 'The first 1,000 nodes where the output of a step differs from the most common one.' }),
  })
  .openapi('CommandDetail');

export const instanceSchema = z
  .object({
    accountId: z.string(),
    region: z.string(),
    instanceId: z.string(),
    instanceName: nullableText,
    firstRequestedAt: at.nullable(),
    lastRequestedAt: at.nullable(),
    invocations: z.int(),
    byStatus: statusCounts,
  })
  .openapi('Instance');

export const instanceDetailSchema = instanceSchema
  .extend({
    names: z.array(z.string()).openapi({ description: 'All names that the node has had, the newest first.' }),
    documents: z.array(z.object({ documentName: nullableText, invocations: z.int(), lastRequestedAt: at.nullable() })),
    items: z.array(invocationSchema),
    nextCursor: z.string().optional(),
  })
  .openapi('InstanceDetail');

export const documentSchema = z
  .object({
    documentName: z.string(),
    firstRequestedOn: z.iso.date().nullable().openapi({ example: '2026-03-01' }),
    lastRequestedAt: at.nullable(),
    invocations: z.int(),
    byStatus: statusCounts,
  })
  .openapi('Document');

const keySchema = z.object({
  accountId: z.string(),
  region: z.string(),
  commandId: z.string(),
  instanceId: z.string(),
});
export const comparisonSchema = z
  .object({
    left: keySchema,
    right: keySchema,
    fields: z.array(fieldChangeSchema),
    outputs: z.array(
      z.object({
        position: z.int(),
        name: nullableText,
        isSame: z.boolean(),
        hunks: z
          .array(
            z.object({
              leftStart: z.int(),
              leftLines: z.int(),
              rightStart: z.int(),
              rightLines: z.int(),
              lines: z.array(z.string()).openapi({ example: [' same', '-old', '+new'] }),
            }),
          )
          .openapi({
            description:
              'The differing lines. Text in UTF-16 is decoded first: if only the encoding differs, the list is empty, but isSame is false.',
          }),
        isCut: z.boolean().openapi({
          description: 'Whether too much differs for a comparison line by line. Everything is then shown as replaced.',
        }),
      }),
    ),
  })
  .openapi('Comparison');
